import { changed, type Variant } from '../../../../proof/platform/patch';
import { attacks } from '../../../../proof/scenarios/attack';
import { rolls } from '../../../../proof/scenarios/roll';
import { VariantProject } from '../../../support/platform/variants';

const project = new VariantProject();
afterAll(() => project.remove());

const nginxOf = (variant: Variant): string => project.configsOf(variant).get('nginx_conf') ?? '';
const before = (name: string): Variant =>
  changed({}, rolls.find((scenario) => scenario.name === name)?.before?.change ?? {});

const upstreams = (conf: string) => conf.match(/^ +server .*:80\d\d .*;$/gm) ?? [];

describe('the controls change what nginx is told', () => {
  const written = nginxOf({});

  test('as it is written nginx asks for the tasks of each service, every second', () => {
    expect(upstreams(written)).toHaveLength(6);
    for (const line of upstreams(written)) expect(line).toMatch(/server tasks\.\w+:\d+ resolve max_fails=0;/);
    expect(written).toContain('resolver 127.0.0.11 valid=1s ipv6=off;');
  });

  test('static-name: each upstream is the service’s name, asked for once, and nothing else changes', () => {
    const conf = nginxOf(before('static-name'));
    expect(upstreams(conf)).toHaveLength(6);
    for (const line of upstreams(conf)) expect(line).toMatch(/server \w+:\d+ max_fails=0;/);
    expect(conf).toBe(written.replace(/server tasks\.(\w+):(\d+) resolve/g, 'server $1:$2'));
  });

  test.each(['drain', 'drain-off'])('%s: names are kept, and nothing else of nginx changes', (name) => {
    const conf = nginxOf(before(name));
    expect(conf).toBe(written.replace('valid=1s', 'valid=5s'));
    expect(conf).not.toBe(written);
  });

  test('a patch is taken away again with the next variant', () => {
    expect(nginxOf({})).toBe(written);
  });
});

describe('the controls of the attacks take the limits away', () => {
  const of = (name: string) => attacks.find((scenario) => scenario.name === name)?.before?.change ?? {};

  test.each(['idle-flood-unlimited', 'header-flood-unlimited'])('%s: nobody counts connections', (name) => {
    const configs = project.configsOf(changed({}, of(name)));
    expect(project.configsOf({}).get('edge_conf')).toMatch(
      /limit_conn address \d+;[\s\S]*limit_conn all \d+;/,
    );
    expect(configs.get('edge_conf')).not.toMatch(/limit_conn (address|all) /);
    expect(configs.get('nginx_conf')).toContain('client_header_timeout 60s;');
  });
});

test('a config that does not have a patch’s text is no silent control', () => {
  const gone = { config: { id: 'nginx_conf', from: 'no such text', to: '' } };
  expect(() => project.configsOf({ gone })).toThrow('the config nginx_conf has no no such text');
});
