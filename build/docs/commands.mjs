const INTRODUCTION = `# The command line

\`./proctor <verb>\`, after \`npm ci\`. \`./proctor help <verb>\` prints the same.
`;

/**
 * `docs/commands.md` from the table of verbs.
 * @param verbs `[{ verb, summary, options: [{ name, summary }], examples }]`
 */
export const commandsPage = (verbs) => `${INTRODUCTION}\n${verbs.map(section).join('\n')}`;

const section = ({ verb, summary, options = [], examples = [] }) =>
  [
    `## \`proctor ${verb}\`\n\n${summary}\n`,
    options.length > 0 &&
      `| option | meaning |\n|---|---|\n${options.map((option) => `| \`${cell(option.name)}\` | ${cell(option.summary)} |\n`).join('')}`,
    examples.length > 0 && `\`\`\`sh\n${examples.join('\n')}\n\`\`\`\n`,
  ]
    .filter(Boolean)
    .join('\n');

const cell = (text) => text.replaceAll('|', '\\|');
