import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from '../../contract/shell';
import { type Finding, failure, ok } from '../terminal/finding';
import type { SynthesizedStack } from './synthesized';

/** Names that Terraform would find in its own files; a value is never read. */
export function givenInFiles(folder: string): Set<string> {
  if (!existsSync(folder)) return new Set();
  const files = readdirSync(folder).filter((name) =>
    /^terraform\.tfvars(\.json)?$|\.auto\.tfvars(\.json)?$/.test(name),
  );
  const names = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^\s*"?(\w+)"?\s*[=:]/gm)].map(([, name]) => name!),
  );
  return new Set(names);
}

/** Every value that the stack needs is there. Values are never shown. */
export function judgeVariables(
  { requiredVariables, usesVariables }: Pick<SynthesizedStack, 'requiredVariables' | 'usesVariables'>,
  shell: Shell,
  inFiles: ReadonlySet<string>,
): Finding[] {
  const absent = requiredVariables.filter(
    (name) => shell[`TF_VAR_${name}`] === undefined && !inFiles.has(name),
  );
  const empty = requiredVariables.filter((name) => shell[`TF_VAR_${name}`] === '' && !inFiles.has(name));
  const misspelt = Object.keys(shell)
    .filter((name) => name.startsWith('TF_VAR_') && !usesVariables.includes(name.slice('TF_VAR_'.length)))
    .sort();
  const hint = misspelt.length > 0 ? ` (set, but not known here: ${misspelt.join(', ')})` : '';
  return [
    ...absent.map((name) =>
      failure(
        'variables',
        `TF_VAR_${name} is missing`,
        `export TF_VAR_${name}=…, or put it into .env${hint}`,
      ),
    ),
    ...empty.map((name) =>
      failure('variables', `TF_VAR_${name} is empty`, `export TF_VAR_${name}=…, or put it into .env`),
    ),
    ...(absent.length + empty.length === 0
      ? [ok('variables', `all ${requiredVariables.length} that are required are given`)]
      : []),
  ];
}
