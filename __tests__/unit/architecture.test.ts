import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { cycles, filesUnder, type Import, importsOf, specifiers } from '../support/imports';

const ENTRY = ['main.ts', 'services.config.ts'];
const HOUSE = ['contract', 'constructs', 'operations', 'add-ons', 'cli', 'examples', 'lab', 'proof'];
const all = importsOf(...HOUSE, ...ENTRY);
const own = all.filter((one) => one.own);

const isBuiltIn = (to: string) => to.startsWith('node:') && builtinModules.includes(to.slice('node:'.length));
const written = ({ from, to }: Import) => `${from} → ${to}`;
const isIn = (file: string, folder: string) => file.startsWith(`${folder}/`);

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

describe('who may import whom', () => {
  const within = (folder: string) => new RegExp(`^${folder}/`);
  const UNITS = within('constructs/units');
  const SWARM = within('constructs/swarm');
  const RULES = within('constructs/rules');
  const INGRESS = within('constructs/ingress');
  const HOST = within('constructs/host');
  const CATALOGUE = within('constructs/catalogue');
  const ASSETS = within('constructs/assets');
  const CONTRACT = within('contract');
  const BINDINGS = /^@cdktf\//;
  const SEAM = /^(cdktf|constructs)(\/|$)/;

  test.each<[string, (string | RegExp)[]]>([
    ['contract/', [CONTRACT]],
    ['constructs/units/', [UNITS]],
    ['constructs/assets/', [ASSETS]],
    ['constructs/swarm/', [UNITS, SWARM, CONTRACT, BINDINGS, SEAM]],
    ['constructs/rules/', [UNITS, SWARM, RULES]],
    ['constructs/ingress/', [UNITS, SWARM, CONTRACT, INGRESS]],
    ['constructs/backends/', [UNITS, SWARM, CONTRACT, ASSETS, CATALOGUE, within('constructs/backends')]],
    ['constructs/application/', [UNITS, SWARM, within('constructs/application')]],
    ['constructs/host/', [UNITS, SWARM, CONTRACT, HOST, ASSETS, /^@cdktf\/provider-null\//]],
    [
      'constructs/catalogue/',
      [UNITS, SWARM, RULES, HOST, CONTRACT, within('constructs/ingress/tls'), CATALOGUE],
    ],
    ['constructs/', [within('constructs'), CONTRACT, BINDINGS, SEAM, 'yaml']],
    ['services.config.ts', ['constructs/index.ts']],
    ['main.ts', ['constructs/index.ts', 'services.config.ts', /^operations\/(images|inputs)\//]],
    ['examples/', ['proctorwise-swarm', within('examples')]],
    ['cli/table/', [within('cli/table'), CONTRACT]],
    ['cli/verbs/', [within('cli/verbs'), within('cli/table')]],
    [
      'cli/parse/',
      [/^cli\/(parse|verbs|table)\//, CONTRACT, 'operations/terminal/usage-error.ts', 'commander'],
    ],
    ['cli/completion/', [/^cli\/(completion|parse|verbs|table)\//]],
    ['cli/gate/', [/^operations\/((rollout|provision|place|jobs)\/main|terminal\/unforeseen)\.ts$/]],
    [
      'operations/',
      [within('operations'), CONTRACT, UNITS, 'aws4fetch', 'dockerode', 'string-width', 'wrap-ansi', 'yaml'],
    ],
    ['add-ons/github/', [within('add-ons/github'), within('operations'), CONTRACT, 'yaml']],
  ])('%s imports nothing above or beside itself', (layer, allowed) => {
    expect(all.some(({ from }) => from.startsWith(layer))).toBe(true);
    expect(strays(layer, allowed)).toEqual([]);
  });

  test('the command line stands on top of all: nobody imports it, and its programs nobody but the loader', () => {
    const users = own.filter(({ from, to }) => isIn(to, 'cli') && !isIn(from, 'cli'));
    expect(users.map(written)).toEqual([]);
    const programs = own.filter(({ from, to }) => isIn(to, 'cli/run') && !isIn(from, 'cli/run'));
    expect(programs.map(written)).toEqual([]);
  });

  /** What verbs stand on; a verb is a folder of `operations/` that is not one of these. */
  const GROUND = [
    'certificates',
    'docker',
    'files',
    'images',
    'inputs',
    'policy',
    'records',
    'redact',
    'stack',
    'terminal',
    'terraform',
  ];

  test('the ground floors of operations/ know no verb', () => {
    const verbs = own.filter(
      ({ from, to }) =>
        GROUND.some((ground) => isIn(from, `operations/${ground}`)) &&
        isIn(to, 'operations') &&
        !GROUND.some((ground) => isIn(to, `operations/${ground}`)),
    );
    expect(verbs.map(written)).toEqual([]);
  });

  test('deploy stands on top of operations/, and no other verb imports it', () => {
    const users = own.filter(({ from, to }) => isIn(to, 'operations/deploy') && isIn(from, 'operations'));
    expect(users.filter(({ from }) => !isIn(from, 'operations/deploy')).map(written)).toEqual([]);
    expect(users.length).toBeGreaterThan(0);
  });

  test('the bindings of providers are imported by nouns of Swarm and by the host alone', () => {
    const users = all.filter(({ to }) => BINDINGS.test(to)).map(({ from }) => from);
    expect(users.filter((from) => !SWARM.test(from) && !HOST.test(from))).toEqual([]);
    expect(users.length).toBeGreaterThan(0);
  });

  test('dockerode is imported by the Docker client alone', () => {
    const users = all.filter(({ to }) => /^dockerode(\/|$)|^docker-modem/.test(to)).map(({ from }) => from);
    expect(users.filter((from) => !isIn(from, 'operations/docker'))).toEqual([]);
    expect(users.length).toBeGreaterThan(0);
  });

  test('cdktf and constructs are imported through one file, so that a fork can take their place', () => {
    const users = all.filter((one) => !one.own && SEAM.test(one.to)).map(({ from }) => from);
    expect(new Set(users)).toEqual(new Set(['constructs/swarm/cdktf.ts']));
  });
});

test('only what an engine says gets a type without proof, and only where it enters', () => {
  const root = resolve(__dirname, '../..');
  const forced = filesUnder(...HOUSE)
    .filter((file) => file.endsWith('.ts') && !isIn(file, 'operations/docker'))
    .filter((file) => /\bas unknown as\b/.test(readFileSync(join(root, file), 'utf8')));
  expect(forced).toEqual([]);
});

test('only the command line reads argv', () => {
  const root = resolve(__dirname, '../..');
  const EXEMPT = [
    // Run in the lab's containers, where the project is not.
    'lab/assets/mail.mjs',
    'lab/assets/nxdomain.mjs',
    // A process that `npm run bench` starts and times: the command line would be in its figures.
    'proof/speed/large-platform.mjs',
  ];
  // Node's own parser reads them unasked.
  const reading = /\bprocess\.argv\b|\bparseArgs\b|'node:process'/;
  const readers = [...ENTRY, ...filesUnder(...HOUSE)].filter((file) =>
    reading.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(readers.sort()).toEqual(
    // The gates are what Terraform starts, without packages and without the table.
    [...EXEMPT, 'cli/gate/provision.ts', 'cli/gate/rollout.ts', 'cli/main.ts'].sort(),
  );
});

test('no stack is named but by the catalogue', () => {
  const root = resolve(__dirname, '../..');
  const named = filesUnder('cli', 'operations', 'add-ons').filter((file) =>
    /['"`]proctorwise['"`]/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(named).toEqual([]);
});

test('built-in modules are written with node:', () => {
  expect(all.filter((one) => !one.own && builtinModules.includes(one.to)).map(written)).toEqual([]);
});

describe('cycles', () => {
  const edge = (from: string, to: string): Import => ({ from, to, own: true });
  const betweenFolders = own
    .map(({ from, to }) => edge(dirname(from), dirname(to)))
    .filter(({ from, to }) => from !== to);

  test('there are none between files, types included', () => {
    expect(cycles(own)).toEqual([]);
  });

  test('there are none between folders, anywhere in the project', () => {
    expect(betweenFolders.length).toBeGreaterThan(50);
    expect(cycles(betweenFolders)).toEqual([]);
  });

  test('would be found, short or long, with the way round', () => {
    expect(cycles([edge('a', 'b'), edge('b', 'c'), edge('c', 'b'), edge('d', 'd')])).toEqual([
      'b → c → b',
      'd → d',
    ]);
    expect(cycles([edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')])).toEqual([]);
  });
});

describe('folders', () => {
  const MOST = 16;
  /** Lists of one item per file. */
  const LISTS = [
    /^constructs\/rules$/,
    /^contract$/,
    /^__tests__\/e2e$/,
    /^cli\/(run|verbs)$/,
    /^docs$/,
    /^__tests__\/unit\/constructs\/rules$/,
    /\/fixtures$/,
    /^\.github\/decisions$/,
    /^docs$/,
  ];

  test(`none has more than ${MOST} files, lists of one item per file aside`, () => {
    const counts = new Map<string, number>();
    for (const file of filesUnder(...HOUSE, 'build', '__tests__', 'docs', '.github')) {
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    }
    const large = [...counts].filter(
      ([folder, count]) => count > MOST && !LISTS.some((list) => list.test(folder)),
    );
    expect(large).toEqual([]);
    expect(counts.get('constructs/rules')).toBeGreaterThan(MOST);
  });
});
