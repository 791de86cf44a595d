import type { PlatformSpec } from '../../../../constructs';
import { platform } from '../../../../services.config';
import { ACME, Workplace } from '../../../support/platform/platform';
import type { Json } from '../../../support/platform/template';

const workplace = new Workplace();
afterAll(() => workplace.remove());

/** What `server_name` of nginx's servers are, as a catalogue and its environment have them. */
function names(
  change: Partial<PlatformSpec['nginx']>,
  more: Partial<PlatformSpec> = {},
  environment = 'production',
) {
  const spec = { ...platform, ...more, nginx: { ...platform.nginx, ...change } } as PlatformSpec;
  const { json } = workplace.synth(spec, environment) as { json: Json };
  const conf = Buffer.from(json.resource.docker_config.nginx_conf.data, 'base64').toString('utf8');
  return [...new Set([...conf.matchAll(/server_name (.+);/g)].map(([, name]) => name))];
}

test('clients may ask for the server’s name and its own address, and for no other host', () => {
  expect(names({})).toEqual(['_', 'proctorwise.example.com 203.0.113.10 localhost 127.0.0.1']);
  expect(names({}, {}, 'lab')).toEqual(['_', 'localhost 203.0.113.10 127.0.0.1']);
});

test('further names are the catalogue’s and those of the certificate', () => {
  expect(names({ hosts: ['Exam.Example.com'] })[1]).toContain(' exam.example.com ');
  expect(names({}, { tls: { ...ACME, names: ['www.example.com'] } })[1]).toContain(' www.example.com ');
});

test('for any host where the catalogue says so', () => {
  expect(names({ hosts: 'any' })).toEqual(['_']);
});
