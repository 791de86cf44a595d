import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATES } from '../../../contract/release';
import { parsePlace } from '../../../operations/place/input';
import { parseSettings } from '../../../operations/provision/input';
import { strangenessOf } from '../../../operations/releases/trusted';
import { parsePlanned } from '../../../operations/rollout/input';

interface FrozenStep {
  readonly script: string;
  readonly variable: string;
  /** In a record. */
  readonly recorded: string;
  /** What Terraform makes of it. */
  readonly value: object;
}

/**
 * Inputs as the first release of this version wrote them. Never changed: releases with them are on servers. One that today's
 * readers do not take any more raises `GATES`, and the next version gets a file of its own.
 */
const steps: readonly FrozenStep[] = JSON.parse(readFileSync(join(__dirname, `gates-${GATES}.json`), 'utf8'));

/** What the scripts read from their variables. */
const READERS: Readonly<Record<string, (json: string) => unknown>> = {
  rollout: parsePlanned,
  provision: (json) => parseSettings(json),
  place: parsePlace,
  'check-certificate': (json) => JSON.parse(json),
};

test.each(steps)('what $variable was when these gates were made is still taken whole', (step) => {
  expect(READERS[step.script]!(JSON.stringify(step.value))).toEqual(step.value);
});

test.each(steps)('a record with the $variable of then is no stranger', ({ script, variable, recorded }) => {
  const provisioner = [
    {
      'local-exec': {
        command: `node "\${path.module}/assets/file_${script}/file/${script}.js"`,
        environment: { [variable]: recorded },
      },
    },
  ];
  expect(strangenessOf({ resource: { null_resource: { step: { provisioner } } } }, {}, {})).toEqual([]);
});
