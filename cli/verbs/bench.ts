import { defineVerb, type Option } from '../table/verb';

const ON_THE_LAB = 'On the lab, which it starts where it does not run. docs/benchmarks.md has the figures.';

const rate = (usual: string) =>
  ({
    text: `requests, as a factor of the mix, up to 2 (default: ${usual})`,
    value: '<factor>',
  }) as const satisfies Option;

const underLoad = {
  only: { text: 'these scenarios; a wrong name lists them', value: '<scenario,…>' },
  minutes: { text: 'at most so long (default: 60)', value: '<minutes>' },
  patient: { text: 'health checks for a machine that is busy with other things' },
} as const satisfies Record<string, Option>;

export const benchRoll = defineVerb({
  name: 'bench roll',
  summary: 'rolls under load: no client notices one, and if one does, it shows',
  hidden: true,
  needs: 'catalogue',
  details: ON_THE_LAB,
  positionals: [],
  options: { rate: rate('1'), ...underLoad },
  examples: ['bench roll --rate 0.8', 'bench roll --only setting,route'],
});

export const benchRotate = defineVerb({
  name: 'bench rotate',
  summary: 'rotations under load: every secret rotates and no client notices',
  hidden: true,
  needs: 'catalogue',
  details: ON_THE_LAB,
  positionals: [],
  options: { rate: rate('0.3'), ...underLoad },
  examples: ['bench rotate', 'bench rotate --only database,jwt'],
});

export const benchCertificates = defineVerb({
  name: 'bench certificates',
  summary: 'certificates under load: issued, renewed and provided ones',
  hidden: true,
  needs: 'catalogue',
  details: ON_THE_LAB,
  positionals: [],
  options: { rate: rate('0.5'), ...underLoad },
  examples: ['bench certificates'],
});

export const benchDeploy = defineVerb({
  name: 'bench deploy',
  summary: 'a deploy beside docker stack deploy of the compose file',
  hidden: true,
  needs: 'catalogue',
  details: ON_THE_LAB,
  positionals: [],
  options: { rate: rate('0.3') },
  examples: ['bench deploy'],
});

export const benchLoad = defineVerb({
  name: 'bench load',
  summary: 'the load generator of the others, which start it',
  details: 'It reads its plan from standard input, and ends with it.',
  hidden: true,
  needs: 'nothing',
  positionals: [],
  options: {},
  examples: ['bench load'],
});
