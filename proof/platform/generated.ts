import type { Patch } from './patch';

const catalogueHead = (written: string) =>
  [
    `import * as constructs from './constructs';`,
    `import { platform as written } from './${written}';`,
    'const platform: any = written;',
    'void constructs;',
  ].join('\n');

/** The catalogue's module in a copy of the project: the written one, then the patches' statements. */
export const catalogueModule = (written: string, patches: readonly Patch[]): string => `
${catalogueHead(written)}
${patches.map(({ catalogue }) => catalogue ?? '').join('\n')}
export { platform };
`;

const configHead = (written: string) =>
  [
    `import type { Construct } from './cdktf';`,
    `import { SwarmConfig as Written, type SwarmConfigProps } from './${written}';`,
    `export type { SwarmConfigProps } from './${written}';`,
    'const patches: readonly { readonly id: string; readonly from: string; readonly to: string }[] =',
  ].join('\n');

/**
 * The module of `SwarmConfig` in a copy of the project: the written construct, given another content. Names, references and
 * triggers are made of that, as of any content.
 */
export const configModule = (written: string, patches: readonly Patch[]): string => `
${configHead(written)} ${JSON.stringify(patches.flatMap(({ config }) => config ?? []))};

export class SwarmConfig extends Written {
  constructor(scope: Construct, id: string, props: SwarmConfigProps) {
    super(scope, id, { ...props, content: patched(id, props.content) });
  }
}

function patched(name: string, content: string): string {
  return patches
    .filter(({ id }) => id === name)
    .reduce((text, { from, to }) => {
      const changed = text.replace(new RegExp(from, 'g'), to);
      if (changed !== text) return changed;
      throw new Error(\`the config \${name} has no \${from}\\n  mend the patch: the construct writes something else now\`);
    }, content);
}
`;
