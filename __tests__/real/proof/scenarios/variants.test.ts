import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changed } from '../../../../proof/platform/patch';
import { catalogueOf, certificateScenarios, SERVER_NAME } from '../../../../proof/scenarios/certificates';
import { cutDeploys } from '../../../../proof/scenarios/cut-deploys';
import { rolls } from '../../../../proof/scenarios/roll';
import { rotations } from '../../../../proof/scenarios/rotate';
import { VariantProject } from '../../../support/platform/variants';
import { makePair } from '../../../support/programs/certificates';

const project = new VariantProject();
afterAll(() => project.remove());

describe('every variant can be deployed', () => {
  const pair = makePair({ names: `DNS:${SERVER_NAME}` });
  const write = (name: string, content: string) => {
    writeFileSync(join(project.folder, name), content);
    return join(project.folder, name);
  };
  const acme = {
    directory: 'https://10.213.0.2:14000/dir',
    caFile: write('ca.pem', pair.certificate),
    provided: {
      certificateFile: write('fullchain.pem', pair.certificate),
      privateKeyFile: write('privkey.pem', pair.privateKey),
    },
  };
  const all = [
    ...[...rolls, ...rotations, ...cutDeploys].map((scenario) => [scenario.name, {}, scenario] as const),
    ...certificateScenarios(acme).map(
      (scenario) => [scenario.name, catalogueOf('self-signed', acme), scenario] as const,
    ),
  ];

  test('scenarios have names of their own', () => {
    expect(new Set(all.map(([name]) => name)).size).toBe(all.length);
  });

  const seen = new Set<string>();
  test.each(all)('%s', (_, start, { before: first, steps }) => {
    let variant = first ? changed({}, first.change ?? {}) : start;
    for (const change of [{}, ...steps.map((step) => step.change ?? {})]) {
      variant = changed(variant, change);
      const text = JSON.stringify(variant);
      if (!seen.has(text)) expect(() => project.configsOf(variant)).not.toThrow();
      seen.add(text);
    }
  });

  test('certbot is as impatient as certificates of two minutes need it', () => {
    const acmeScript = project.configsOf(catalogueOf('letsencrypt', acme)).get('certbot_script');
    expect(acmeScript).toMatch(/^check=5 retry=5 longest=/m);
  });
});
