const INTRODUCTION = `# The command line

After \`npm ci --ignore-scripts\`, \`./proctor <verb>\` runs in the project's folder, wherever the terminal is. Below is what
\`./proctor <verb> --help\` prints. \`./proctor completion bash\` (\`zsh\`, \`fish\`) prints what completes the verbs.
`;

/**
 * `docs/commands.md`.
 * @param verbs `[{ verb, summary, help }]`, in their order; `help` is what the verb prints about itself
 */
export const commandsPage = (verbs) => `${INTRODUCTION}
| verb | what it does |
|---|---|
${verbs.map(({ verb, summary }) => `| [\`${verb}\`](#${verb.replaceAll(' ', '-')}) | ${summary} |\n`).join('')}
${verbs.map(({ verb, help }) => `## \`${verb}\`\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`).join('\n')}`;
