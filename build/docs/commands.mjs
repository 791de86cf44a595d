const INTRODUCTION = `# The command line

After \`npm ci --ignore-scripts\`, \`./proctor <verb>\` runs in the project's folder, wherever the terminal is. Below is what
\`./proctor <verb> --help\` prints. \`./proctor completion bash\` (\`zsh\`, \`fish\`) prints what completes verbs and options,
and the services, environments and secrets of services.config.ts.

In another project that [installed the package](../examples/shop/README.md) it is \`npx --no-install proctor <verb>\`, for that
project's services.config.ts; \`lab\` and \`github\` are not there. The npm scripts of before, such as
\`npm run deploy -- --yes\`, are aliases for this release.

On a terminal, tables fit its width: long text goes on below in its column, and where this is not enough, each row becomes a
paragraph. Names, verdicts and what is to be typed are never cut. Where more services are under way than there are rows, those
that fail or move come first, then \`… and 180 more, all well\`. In a pipe or a file each line is as long as it is, without
escape sequences, as with \`TERM=dumb\`. \`NO_COLOR=1\` turns colours off, \`FORCE_COLOR=1\` turns them on in a pipe, too.
`;

/**
 * `docs/commands.md`.
 * @param verbs `[{ verb, summary, help, exits }]`, in their order; `help` is what the verb prints about itself, `exits` is
 *   `[code, meaning]` of each of its own exit codes
 * @param common those that all verbs have
 */
export const commandsPage = ({ verbs, common }) => `${INTRODUCTION}
| verb | what it does |
|---|---|
${verbs.map(({ verb, summary }) => `| [\`${verb}\`](#${verb.replaceAll(' ', '-')}) | ${summary} |\n`).join('')}
## Exit codes

Of all verbs: ${common.map(([code, meaning]) => `${code} ${meaning}`).join(', ')}. A meaning never changes.

| verb | exit codes |
|---|---|
${verbs.map(({ verb, exits }) => `| \`${verb}\` | ${exits.map(([code, meaning]) => `${code} ${meaning}`).join('; ')} |\n`).join('')}
${verbs.map(({ verb, help }) => `## \`${verb}\`\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`).join('\n')}`;
