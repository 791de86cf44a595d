import { Node } from 'ts-morph';

/** The options of an interface, or of each object in a union: `[{ name, description, members }]`. */
export function groupsOf(file, type) {
  const declared = file.getInterface(type);
  if (declared) return [{ description: textOf(declared), options: declared.getProperties().map(option) }];
  const union = file.getTypeAliasOrThrow(type).getTypeNodeOrThrow();
  return union
    .getTypeNodes()
    .filter(Node.isTypeLiteral)
    .map((literal) => ({ description: '', options: literal.getProperties().map(option) }));
}

function option(property) {
  const type = property.getTypeNodeOrThrow().getText();
  return {
    name: property.getName(),
    required: !property.hasQuestionToken(),
    // As people write it: a catalogue is read-only either way, and which names are allowed is the compiler's to say.
    type: type
      .replace(/\/\*\*[\s\S]*?\*\/\s*/g, '')
      .replace(/\breadonly /g, '')
      .replace(/\s+/g, ' ')
      .replace(/NoInfer<(\w+)>/g, '$1'),
    description: textOf(property),
    ...tagsOf(property),
  };
}

export const textOf = (node) => (node.getJsDocs().at(-1)?.getDescription() ?? '').trim();

export const tagsOf = (node) =>
  Object.fromEntries(
    (node.getJsDocs().at(-1)?.getTags() ?? []).map((tag) => [
      tag.getTagName(),
      (tag.getCommentText() ?? '').replace(/\s+/g, ' ').trim(),
    ]),
  );

/** What the reference would have to leave open. */
export function gaps(where, { name, required, description, default: value, example, change }) {
  const missing = [
    !description && 'a sentence that says what it is',
    !required && !value && '@default',
    required && value && 'no @default, since it is required',
    !example && '@example',
    !change && '@change',
  ].filter(Boolean);
  return missing.map((what) => `${where}${name} needs ${what}`);
}
