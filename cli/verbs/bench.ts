import { defineVerb, type Option } from '../table/verb';

const ON_THE_LAB =
  'It starts the lab where that does not run; docs/benchmarks.md has figures that were measured.';

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
  cloneOnly: true,
  needs: 'catalogue',
  details: `Rolls services while clients ask: no request may fail, and a roll that is bad on purpose has to show. ${ON_THE_LAB}`,
  positionals: [],
  options: { rate: rate('1'), ...underLoad },
  examples: ['bench roll --rate 0.8', 'bench roll --only setting,route'],
});

export const benchRotate = defineVerb({
  name: 'bench rotate',
  summary: 'rotations under load: every secret rotates and no client notices',
  hidden: true,
  cloneOnly: true,
  needs: 'catalogue',
  details: `Rotates each secret while clients ask: no request may fail. ${ON_THE_LAB}`,
  positionals: [],
  options: { rate: rate('0.3'), ...underLoad },
  examples: ['bench rotate', 'bench rotate --only database,jwt'],
});

export const benchCertificates = defineVerb({
  name: 'bench certificates',
  summary: 'certificates under load: issued, renewed and provided ones',
  hidden: true,
  cloneOnly: true,
  needs: 'catalogue',
  details: `Changes certificates while clients ask, from self-signed to issued, renewed and provided ones: no request may fail. ${ON_THE_LAB}`,
  positionals: [],
  options: { rate: rate('0.5'), ...underLoad },
  examples: ['bench certificates'],
});

export const benchAttack = defineVerb({
  name: 'bench attack',
  summary: 'attacks of one address: no other client notices them',
  hidden: true,
  cloneOnly: true,
  needs: 'catalogue',
  details: `Attacks the entrance from one address while clients ask from others: no request may fail, none be twice as slow, no worker be killed. Without its limits it has to show. ${ON_THE_LAB}`,
  positionals: [],
  options: { rate: rate('0.3'), ...underLoad },
  examples: ['bench attack', 'bench attack --only quiet,idle-tls'],
});

export const benchDeploy = defineVerb({
  name: 'bench deploy',
  summary: 'a deploy beside docker stack deploy of the compose file',
  hidden: true,
  cloneOnly: true,
  needs: 'catalogue',
  details: `Deploys the same changes with this project and with \`docker stack deploy\`, and sets their times side by side. ${ON_THE_LAB}`,
  positionals: [],
  options: { rate: rate('0.3') },
  examples: ['bench deploy'],
});

export const benchUpgrade = defineVerb({
  name: 'bench upgrade',
  summary: 'what the upgrade from a tag costs: requests, seconds, and no data',
  hidden: true,
  cloneOnly: true,
  needs: 'catalogue',
  details:
    'Starts a lab with the platform of a tag, gives it rows and messages, and deploys the project as it is now over it while clients ask. It tells what each restart cost, and holds all data against what it was. The lab stays.',
  positionals: [{ name: 'tag', text: 'the older version, as git knows it' }],
  options: { rate: rate('0.3') },
  examples: ['bench upgrade v0.2.0'],
});

export const benchBackup = defineVerb({
  name: 'bench backup',
  summary: 'what a backup costs, and a restore beside one by hand',
  hidden: true,
  cloneOnly: true,
  needs: 'nothing',
  details:
    'Fills a MariaDB of its own with rows, backs it up while orders are written, and restores it in turns with `mariadb-dump | mariadb`. It needs no lab: MariaDB 10.11, jq and restic, as root.',
  positionals: [],
  options: {
    mebibytes: { text: 'of rows (default: 100)', value: '<number>' },
    rounds: { text: 'restores, each beside one by hand (default: 5)', value: '<number>' },
  },
  examples: ['bench backup', 'bench backup --mebibytes 2000 --rounds 1'],
});

export const benchLoad = defineVerb({
  name: 'bench load',
  summary: 'the load generator of the others, which start it',
  details: 'It reads its plan from standard input, and ends with it.',
  hidden: true,
  cloneOnly: true,
  needs: 'nothing',
  positionals: [],
  options: {},
  examples: ['bench load'],
});

export const simulation = defineVerb({
  name: 'simulate',
  summary: 'deploys on a simulated Swarm, and what the gate says of each',
  details:
    'Lets the gate judge deploys on a simulated Swarm, and migrations run there, and holds each verdict against what happened.',
  hidden: true,
  cloneOnly: true,
  needs: 'nothing',
  positionals: [],
  options: {
    seed: { text: 'of the first history (default: 1)', value: '<number>' },
    histories: { text: 'how many (default: 1000)', value: '<number>' },
  },
  examples: ['simulate', 'simulate --seed 7 --histories 1'],
});
