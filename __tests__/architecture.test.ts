import { builtinModules } from 'node:module';
import { cycles, type Import, importsOf, specifiers } from './support/imports';

const ENTRY = ['main.ts', 'services.config.ts'];
const all = importsOf('constructs', 'operations', 'lab', 'tools', ...ENTRY);

const isBuiltIn = (to: string) => to.startsWith('node:') && builtinModules.includes(to.slice('node:'.length));
const written = ({ from, to }: Import) => `${from} → ${to}`;

/** Imports of files under `from` that lead neither to Node.js itself nor to what `allowed` says. */
const strays = (from: string, allowed: readonly (string | RegExp)[]): string[] =>
  all
    .filter((one) => one.from.startsWith(from) && !isBuiltIn(one.to))
    .filter(({ to }) => !allowed.some((entry) => (typeof entry === 'string' ? to === entry : entry.test(to))))
    .map(written);

// Nothing else in this file could fail if the imports were not seen.
test('imports are seen in every form in which they are written', () => {
  const source = `
import { a } from './a';
import type { B } from "./b";
import {
  c,
  type D,
} from './c';
import './d';
export { e } from './e';
export * from './f';
const g = require('./g');
const h = await import('./h');
const text = 'from ./not';
`;
  expect(specifiers(source)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `./${name}`));
  expect(all.map(written)).toEqual(
    expect.arrayContaining([
      'constructs/swarm/service.ts → constructs/units/index.ts',
      'constructs/swarm/cdktf.ts → cdktf',
      'main.ts → services.config.ts',
    ]),
  );
});

const UNITS = /^constructs\/units\//;
const SWARM = /^constructs\/swarm\//;
const PATTERNS = /^constructs\/patterns\//;
const HOST = /^constructs\/host\//;
const RULES = /^constructs\/rules\//;
const ASSETS = 'constructs/assets.ts';
const BINDINGS = /^@cdktf\//;
const SEAM = /^(cdktf|constructs)(\/|$)/;

test.each<[string, (string | RegExp)[]]>([
  ['constructs/units/', [UNITS]],
  ['constructs/swarm/', [UNITS, SWARM, BINDINGS, SEAM]],
  ['constructs/patterns/', [UNITS, SWARM, PATTERNS, ASSETS]],
  ['constructs/rules/', [UNITS, SWARM, RULES]],
  ['constructs/host/', [UNITS, SWARM, HOST, ASSETS, /^@cdktf\/provider-null\//]],
  ['constructs/', [/^constructs\//, BINDINGS, SEAM, 'yaml']],
  ['services.config.ts', ['constructs/index.ts']],
  ['main.ts', ['constructs/index.ts', 'services.config.ts', /^operations\/(images|state)\//]],
  ['operations/', [/^operations\//, UNITS, 'aws4fetch', 'dockerode', 'yaml']],
])('%s imports nothing above or beside itself', (layer, allowed) => {
  expect(all.some(({ from }) => from.startsWith(layer))).toBe(true);
  expect(strays(layer, allowed)).toEqual([]);
});

test('the bindings of providers are imported by nouns of Swarm and by the host alone', () => {
  const users = all.filter(({ to }) => BINDINGS.test(to)).map(({ from }) => from);
  expect(users.filter((from) => !SWARM.test(from) && !HOST.test(from))).toEqual([]);
  expect(users.length).toBeGreaterThan(0);
});

test('cdktf and constructs are imported through one file, so that a fork can take their place', () => {
  const users = all.filter(({ to, own }) => !own && SEAM.test(to)).map(({ from }) => from);
  expect(new Set(users)).toEqual(new Set(['constructs/swarm/cdktf.ts']));
});

test('built-in modules are written with node:', () => {
  expect(all.filter(({ to, own }) => !own && builtinModules.includes(to)).map(written)).toEqual([]);
});

describe('cycles', () => {
  const edge = (from: string, to: string): Import => ({ from, to, own: true });

  test('there are none, types included', () => {
    expect(cycles(all.filter(({ own }) => own))).toEqual([]);
  });

  test('would be found, short or long, with the way round', () => {
    expect(cycles([edge('a', 'b'), edge('b', 'c'), edge('c', 'b'), edge('d', 'd')])).toEqual([
      'b → c → b',
      'd → d',
    ]);
    expect(cycles([edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')])).toEqual([]);
  });
});
