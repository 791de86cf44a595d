import { defineVerb } from '../table/verb';

/** Steps of the workflows in .github/workflows, one word each. */
export const STEPS = [
  'login',
  'login-server',
  'logout',
  'plan',
  'plan-review',
  'comment',
  'snapshot',
  'ref',
  'ci',
  'https',
  'lock',
  'drift',
  'drift-issue',
  'remind',
  'images',
] as const;

export const github = defineVerb({
  name: 'github',
  summary: 'one step of a workflow in .github/workflows',
  details: 'The steps are named in .github/workflows; they take what they need from the environment.',
  cloneOnly: true,
  needs: 'catalogue',
  positionals: [
    { name: 'step', text: 'of .github/workflows', choices: STEPS },
    {
      name: 'github environment',
      text: 'for login and login-server (default: production)',
      optional: true,
    },
  ],
  options: {},
  examples: ['github login production', 'github plan'],
});
