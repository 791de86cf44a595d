import { Node } from 'ts-morph';
import { tagsOf, textOf } from './options.mjs';

const INTRODUCTION = `# The rules

Every synth checks every service against these rules, and lists all violations with their fixes before anything is
written. A service can break one on purpose, with a reason that each plan prints:

\`\`\`ts
acknowledge: { 'image-pinned': 'built on the server' }
\`\`\`
`;

/** `docs/rules.md`, in the order in which violations are listed. @throws for a rule that says too little */
export function rulesPage(source) {
  const names = source('constructs/rules/index.ts')
    .getVariableDeclarationOrThrow('RULES')
    .getDescendants()
    .filter(Node.isArrayLiteralExpression)[0]
    .getElements()
    .map((element) => element.getText());
  return `${INTRODUCTION}\n${names.map((name) => rule(source, name)).join('\n')}`;
}

function rule(source, variable) {
  const name = variable.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const file = `constructs/rules/${name}.ts`;
  const statement = source(file).getVariableStatementOrThrow(variable);
  const { refuses, fix } = tagsOf(statement);
  if (!refuses || !fix)
    throw new Error(`${file}: @refuses or @fix is missing\n  write it into the doc comment`);
  return `## \`${name}\`

${textOf(statement)}

- Refuses: ${refuses}
- Fix: ${fix}
- Acknowledge: \`acknowledge: { '${name}': 'why' }\`
`;
}
