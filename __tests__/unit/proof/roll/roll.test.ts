import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPlan, MOST_PER_ADDRESS, ratesPerAddress } from '../../../../proof/load/plan';
import type { LoadResult } from '../../../../proof/load/tally';
import { changed, complaints, type Measured } from '../../../../proof/roll/measure';
import { CLIENT_ADDRESSES, loadPlan, mix } from '../../../../proof/roll/mix';
import { Project, type Variant } from '../../../../proof/roll/project';
import { type Scenario, scenarios } from '../../../../proof/roll/scenarios';
import { rollTable } from '../../../../proof/roll/show';
import { platform } from '../../../../services.config';

const addresses = Array.from({ length: CLIENT_ADDRESSES }, (_, index) => `10.213.0.${100 + index}`);

describe('the mix of requests', () => {
  test('stays below the limit per client, at twice the rate, too', () => {
    const streams = mix(addresses, 2);
    expect(() => checkPlan(loadPlan({ address: '10.213.0.2', port: 8443 }, streams))).not.toThrow();
    expect(Math.max(...ratesPerAddress(streams).values())).toBeLessThanOrEqual(MOST_PER_ADDRESS);
  });

  test('asks every service with GET, over kept and new connections, on routes of the catalogue', () => {
    const streams = mix(addresses, 1);
    for (const service of Object.keys(platform.services)) {
      const of = streams.filter((stream) => stream.service === service && stream.method === 'GET');
      expect(new Set(of.map(({ keepAlive }) => keepAlive))).toEqual(new Set([true, false]));
    }
    for (const { path, service } of streams) {
      expect(platform.nginx.routes).toContainEqual(expect.objectContaining({ path, service }));
    }
  });
});

describe('the scenarios', () => {
  test('have names of their own', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  });

  test('have three controls that must fail', () => {
    const controls = scenarios.filter(({ failing }) => failing === 'must').map(({ name }) => name);
    expect(controls).toEqual(['health-off', 'static-name', 'drain-off']);
  });

  test('are all possible in the project as it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'roll-'));
    const project = new Project(process.cwd(), join(folder, 'copy'));
    for (const { before = {}, steps } of scenarios) {
      for (const step of steps) project.become(changed(changed({}, before), step));
    }
    project.become(scenarios.find(({ name }) => name === 'static-name')!.before as Variant);
    const nginx = join(project.folder, 'constructs', 'ingress', 'nginx-http.ts');
    expect(readFileSync(nginx, 'utf8')).not.toContain('resolve max_fails=0');
    project.become({});
    expect(readFileSync(nginx, 'utf8')).toContain('resolve max_fails=0');
    expect(() =>
      project.become({ gone: { file: { path: 'services.written.ts', from: 'no such text', to: '' } } }),
    ).toThrow('services.written.ts has no no such text');
    project.remove();
    rmSync(folder, { recursive: true });
  });
});

test('a change adds patches and takes them away', () => {
  const setting = { catalogue: 'a' };
  expect(changed({ images: setting }, { more: setting })).toEqual({ images: setting, more: setting });
  expect(changed({ images: setting, more: setting }, { more: null })).toEqual({ images: setting });
});

describe('the verdict', () => {
  const scenario: Scenario = { name: 'x', title: 'x', steps: [], failing: 'none' };
  const load = (more: Partial<LoadResult> = {}): LoadResult => ({
    ...{ start: 0, end: 1000, requests: 1000, failed: 0, failedPosts: 0, posts: 100, p50: 1, p99: 2, max: 3 },
    ...{ longestGap: { milliseconds: 9, service: 'userservice', start: 0 }, kinds: {}, failures: [] },
    ...{ perSecond: [], generatorDelay: 0, ...more },
  });
  const of = (more: Partial<Scenario>, result: Partial<LoadResult> = {}, rest: Partial<Measured> = {}) =>
    complaints({ scenario: { ...scenario, ...more }, load: load(result), seconds: 1, busy: 1, ...rest }).join(
      '; ',
    );

  test('holds where nothing failed, and not where one request did', () => {
    expect(of({})).toBe('');
    expect(of({}, { failed: 1 })).toBe('1 requests failed, none may');
  });

  test('lost POSTs are not lost GETs', () => {
    expect(of({ failing: 'gets' }, { failed: 3, failedPosts: 3 })).toBe('');
    expect(of({ failing: 'gets' }, { failed: 4, failedPosts: 3 })).toBe('1 GETs failed, none may');
  });

  test('a control in which nothing failed breaks the run', () => {
    expect(of({ failing: 'must' }, { failed: 7 })).toBe('');
    expect(of({ failing: 'must' })).toContain('failures are not seen');
  });

  test('a load that sent next to nothing shows nothing', () => {
    expect(of({}, { requests: 12 })).toContain('nothing was measured');
  });

  test('a bad image must fail the apply, and a good one must not', () => {
    expect(of({ apply: 'badly' })).toContain('the apply succeeded');
    expect(of({ apply: 'badly' }, {}, { failure: 'rolled back' })).toBe('');
    expect(of({}, {}, { failure: 'rolled back' })).toBe('the apply failed: rolled back');
  });

  test('WebSockets end with 1001 or 1012, come back, and no long request is lost', () => {
    const stay = {
      ...{ closes: { 1012: 4 }, opened: 8, silent: 0, refusedReconnects: 0, slowestReconnect: 50 },
      ...{ longRequests: 3, longFailed: [] },
    };
    expect(of({}, {}, { stay })).toBe('');
    expect(of({}, {}, { stay: { ...stay, closes: { 1006: 1 } } })).toBe('1 WebSockets were closed with 1006');
    expect(of({ abruptCloses: true }, {}, { stay: { ...stay, closes: { 1006: 1 } } })).toBe('');
    expect(of({}, {}, { stay: { ...stay, closes: {} } })).toContain('none was rolled');
    expect(of({}, {}, { stay: { ...stay, silent: 2 } })).toContain('open and silent');
    expect(of({}, {}, { stay: { ...stay, longFailed: ['12:00 reset'] } })).toContain('12:00 reset');
  });

  test('the sum is of the scenarios that promise, alone', () => {
    const one = { scenario, load: load({ requests: 500 }), seconds: 1, busy: 1 };
    const control = {
      ...one,
      scenario: { ...scenario, failing: 'must' as const },
      load: load({ failed: 9 }),
    };
    expect(rollTable([one, control]).split('\n').at(-1)).toMatch(/^all that promise 0 failed +500 +0$/);
  });
});
