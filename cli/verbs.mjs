/**
 * What `./proctor` can do, in the order of its help. Plain JavaScript: the help needs no build.
 *
 * @typedef {'nothing' | 'catalogue' | 'stack' | 'server'} Needs what must be there: a catalogue that compiles, a state and
 *   its login, or a server that answers
 * @typedef {{ verb: string, summary: string, needs: Needs, program: string, arguments?: readonly string[],
 *   examples: readonly string[], help?: string }} Verb `help` is of a program that has none itself; `program` is run by Node.js itself (.mjs) or by build/run.mjs (.ts)
 */

/** @type {readonly Verb[]} */
export const VERBS = [
  {
    verb: 'plan',
    summary: 'what a deploy would do, service by service; changes nothing',
    needs: 'server',
    program: 'operations/plan/main.ts',
    examples: ['plan', 'plan --environment staging --gate'],
  },
  {
    verb: 'deploy',
    summary: 'checks, plans, asks, applies, tells how each service ended',
    needs: 'server',
    program: 'operations/deploy/main.ts',
    examples: ['deploy', 'deploy --yes --acknowledge edge'],
  },
  {
    verb: 'status',
    summary: 'the platform at a glance: services, certificate, nodes, disk',
    needs: 'server',
    program: 'cli/status.ts',
    examples: ['status', 'status --watch'],
  },
  {
    verb: 'rollout',
    summary: 'waits until Swarm runs what its services say: the verdict',
    needs: 'server',
    program: 'operations/rollout/main.ts',
    examples: ['rollout proctorwise_userservice'],
  },
  {
    verb: 'rollback',
    summary: "Swarm's own rollback of chosen services, for emergencies",
    needs: 'server',
    program: 'cli/rollback.ts',
    examples: ['rollback userservice', 'rollback --yes userservice'],
  },
  {
    verb: 'secrets',
    summary: 'each secret: version, age, what rotating it replaces',
    needs: 'server',
    program: 'cli/secrets.ts',
    examples: ['secrets', 'secrets --generate jwt_secret_key'],
  },
  {
    verb: 'images lock',
    summary: "writes the images' digests to images.lock.json",
    needs: 'catalogue',
    program: 'cli/images-lock.ts',
    examples: ['images lock', 'images lock userservice', 'images lock --check'],
  },
  {
    verb: 'state doctor',
    summary: 'proves that the state is locked, versioned and encrypted',
    needs: 'stack',
    program: 'cli/state-doctor.ts',
    examples: ['state doctor'],
  },
  {
    verb: 'state recover',
    summary: 'takes what runs over into a state that is lost',
    needs: 'server',
    program: 'operations/state/recover/main.ts',
    examples: ['state recover', 'state recover --import'],
  },
  {
    verb: 'host check',
    summary: 'in what the server is not as the catalogue wants it',
    needs: 'server',
    program: 'operations/host/main.ts',
    examples: ['host check'],
  },
  {
    verb: 'compose',
    summary: 'writes the platform as a compose file for docker stack deploy',
    needs: 'catalogue',
    program: 'cli/compose.ts',
    examples: ['compose', 'compose --with smtp_username,smtp_password'],
    help: `Writes compose/docker-compose.swarm.yml and its configs, for docker stack deploy; its header says the steps.
  --with <secret,…>  optional secrets that exist and the services shall get
exit: 0 written, 1 not written, 64 wrong usage`,
  },
  {
    verb: 'provision',
    summary: 'what a deploy does inside backends, for a manual deploy',
    needs: 'server',
    program: 'cli/provision.ts',
    examples: ['provision prepare', 'provision finish'],
  },
  {
    verb: 'synth',
    summary: 'writes the Terraform JSON to cdktf.out',
    needs: 'catalogue',
    program: 'build/synth.mjs',
    examples: ['synth'],
    help: `Checks the types, and writes the Terraform JSON of PLATFORM_ENVIRONMENT to cdktf.out (CDKTF_OUTDIR).
exit: 0 written, 1 not written, the folder is as it was`,
  },
  {
    verb: 'providers lock',
    summary: "writes the providers' checksums to .terraform.lock.hcl",
    needs: 'catalogue',
    program: 'build/providers-lock.mjs',
    examples: ['providers lock'],
    help: `Asks Terraform's registry for the providers' checksums and writes .terraform.lock.hcl: commit it.
exit: 0 written, 1 not written`,
  },
  {
    verb: 'lab up',
    summary: 'the whole platform on a disposable Swarm on this machine',
    needs: 'catalogue',
    program: 'lab/up.ts',
    examples: ['lab up', 'lab up --compose'],
    help: `Makes a Swarm of its own on this machine (Debian, as root), deploys the platform to it over ssh and asks each route.
  --compose  the compose form, as without Terraform's providers
exit: 0 all routes answer, 1 not so`,
  },
  {
    verb: 'lab stop',
    summary: 'ends the lab and keeps all of it',
    needs: 'nothing',
    program: 'lab/stop.ts',
    examples: ['lab stop'],
    help: `exit: 0 nothing of the lab runs any more, 1 not so`,
  },
  {
    verb: 'lab down',
    summary: 'removes the lab and every trace of it',
    needs: 'nothing',
    program: 'lab/down.ts',
    examples: ['lab down'],
    help: `exit: 0 nothing of the lab is left, 1 not so`,
  },
  {
    verb: 'lab vps',
    summary: 'the platform on a virtual machine that begins bare',
    needs: 'catalogue',
    program: 'lab/vps/up.ts',
    examples: ['lab vps', 'lab vps --stop'],
    help: `  --fresh  begin with a bare server
  --bare   the same, without a deploy
  --stop   turn it off; its disk stays
exit: 0 done, 1 not done`,
  },
  {
    verb: 'github',
    summary: 'one step of a workflow in .github/workflows',
    needs: 'nothing',
    program: 'add-ons/github/steps/main.ts',
    examples: ['github plan-review'],
    help: `The steps are named in .github/workflows; they take what they need from the environment.
exit: 0 done, 1 told as an error of the run, 64 wrong usage`,
  },
];

/**
 * The verb that a command line begins with, of one word or two.
 *
 * @param {readonly string[]} words
 */
export function findVerb(words) {
  const verb = [...VERBS]
    .sort((a, b) => b.verb.length - a.verb.length)
    .find(({ verb }) => verb.split(' ').every((word, index) => words[index] === word));
  return verb && { verb, rest: words.slice(verb.verb.split(' ').length) };
}

/**
 * Verbs that may have been meant, the likeliest first: those of a group (`state`), or those that are a slip away.
 *
 * @param {readonly string[]} words
 */
export function suggest(words) {
  const group = VERBS.filter(({ verb }) => verb.startsWith(`${words[0]} `)).map(({ verb }) => verb);
  if (group.length > 0) return group;
  return VERBS.map(({ verb }) => {
    const written = words.slice(0, verb.split(' ').length).join(' ');
    return { verb, away: distance(written, verb) };
  })
    .filter(({ verb, away }) => away <= Math.max(1, Math.floor(verb.length / 3)))
    .sort((a, b) => a.away - b.away)
    .map(({ verb }) => verb);
}

/** Levenshtein's: characters to add, take away or change. @param {string} a @param {string} b */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
