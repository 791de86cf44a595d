import { defineVerb, type Option } from '../table/verb';
import { onServer } from './common';

const json = { text: 'one JSON object' } as const satisfies Option;

export const releasesList = defineVerb({
  name: 'releases list',
  summary: 'what was deployed: when, by whom, how it ended',
  details:
    'Each deploy that changed something leaves a record on the server, which every machine can read; `./proctor releases` lists them.',
  needs: 'server',
  positionals: [],
  options: { json, ...onServer },
  examples: ['releases', 'releases --json'],
});

export const releasesShow = defineVerb({
  name: 'releases show',
  summary: 'one of them: plan, verdicts, images, secrets',
  details: 'All that is on record of one release, but for the stack itself.',
  needs: 'server',
  positionals: [{ name: 'number', text: 'of the release' }],
  options: { json, ...onServer },
  examples: ['releases show 41'],
});

export const releasesDiff = defineVerb({
  name: 'releases diff',
  summary: "what leads from one to another, in a plan's words",
  details:
    'What a deploy of the second would do to what the first left, from the two records alone: nothing is planned, and what was done by hand is not in it.',
  needs: 'server',
  positionals: [
    { name: 'from', text: 'number of a release' },
    { name: 'to', text: 'number of another' },
  ],
  options: { json, ...onServer },
  examples: ['releases diff 40 41'],
});

export const verify = defineVerb({
  name: 'verify',
  summary: 'whether the server runs exactly one release',
  details:
    "Compares every service's specification with the record of a release, field by field, and counts the tasks that run exactly that. Changes nothing.",
  needs: 'server',
  positionals: [
    { name: 'number', text: 'of the release (default: the newest that converged)', optional: true },
  ],
  options: { json, ...onServer },
  examples: ['verify', 'verify 41 --json'],
});

export const audit = defineVerb({
  name: 'audit',
  summary: 'who did what and when, from the releases',
  details:
    'One line for each release, the oldest first: who deployed or went back, from which commit, how it ended, which downtime or risk was let through; and who has locked deploys now.',
  needs: 'server',
  positionals: [],
  options: { json, ...onServer },
  examples: ['audit', 'audit --json'],
});

export const lock = defineVerb({
  name: 'lock',
  summary: 'nobody deploys until unlock; says who, since when and why',
  details:
    'Keeps every ./proctor deploy and rollback --to from this platform, from whatever machine, until ./proctor unlock. A deploy that is under way goes on; an emergency rollback, cdktf and Terraform alone do not ask for it.',
  needs: 'server',
  positionals: [{ name: 'why', text: 'in a few words, for whoever wants to deploy' }],
  options: { ...onServer },
  examples: ['lock migration'],
});

export const unlock = defineVerb({
  name: 'unlock',
  summary: 'everybody may deploy again',
  details: 'Ends what ./proctor lock began, whoever began it.',
  needs: 'server',
  positionals: [],
  options: { ...onServer },
  examples: ['unlock'],
});
