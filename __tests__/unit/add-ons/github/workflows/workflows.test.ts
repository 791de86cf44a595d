import { parse } from 'yaml';
import { SECRETS } from '../../../../../add-ons/github/runner/secrets';
import {
  files,
  JOBS,
  localSteps,
  type Step,
  WORKFLOWS,
  workflow,
} from '../../../../real/add-ons/github/workflows/support/workflow';

/** Every step, with the steps of the local actions that a job uses. */
const steps: [string, Step][] = [
  ...JOBS.flatMap(([name, job]) => job.steps.map((step): [string, Step] => [name, step])),
  ...Object.entries(files())
    .filter(([path]) => path.includes('/actions/'))
    .flatMap(([path, text]) =>
      (parse(text).runs.steps as Step[]).map((step): [string, Step] => [path, step]),
    ),
];

test('there are the four workflows that the documentation names', () => {
  expect([...WORKFLOWS].sort()).toEqual(['ci', 'deploy', 'drift', 'rollback']);
});

describe('every workflow', () => {
  test.each(WORKFLOWS)('%s has no permission that a job does not ask for', (name) => {
    expect(workflow(name).permissions).toEqual({});
  });

  test.each(JOBS)('%s ends by itself, on a runner with a version', (_, job) => {
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    expect((job as { 'runs-on'?: string })['runs-on']).toBe('ubuntu-24.04');
  });

  test('only asks to write where something is written', () => {
    const writers = JOBS.flatMap(([name, { permissions = {} }]) =>
      Object.entries(permissions)
        .filter(([, level]) => level !== 'read')
        .map(([what, level]) => `${name} ${what}: ${level}`),
    );
    expect(writers.sort()).toEqual([
      'ci/comment pull-requests: write',
      'deploy/images contents: write',
      'drift/issue issues: write',
      'rollback/remind issues: write',
    ]);
  });

  test.each(JOBS)('%s has no secret where it may write', (_, job) => {
    const mayWrite = Object.values(job.permissions ?? {}).includes('write');
    const hasSecrets = job.environment !== undefined || JSON.stringify(job).includes('secrets.');
    expect(mayWrite && hasSecrets).toBe(false);
  });

  test.each(JOBS)('%s takes secrets from an environment alone', (_, job) => {
    expect(JSON.stringify(job).includes('secrets.')).toBe(job.environment !== undefined);
  });

  test('never runs the code of a pull request with the rights of the repository', () => {
    for (const name of WORKFLOWS) {
      expect(Object.keys(workflow(name).on)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/pull_request_target|workflow_run|issue_comment/)]),
      );
    }
  });
});

describe('every step', () => {
  test('is found', () => expect(steps.length).toBeGreaterThan(40));

  test('names an action by its commit, with the version beside it', () => {
    const used = Object.entries(files()).flatMap(([path, text]) =>
      [...text.matchAll(/^\s*(?:- )?uses: *(.*)$/gm)].map(([, what]) => `${path}: ${what}`),
    );
    expect(used.length).toBeGreaterThan(10);
    const loose = used.filter((line) => !/: (\.\/\S+|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(line));
    expect(loose).toEqual([]);
  });

  test('uses one commit of an action everywhere', () => {
    const versions = new Map<string, Set<string>>();
    for (const [, { uses }] of steps) {
      const [name, commit] = uses?.split('@') ?? [];
      if (name && commit) versions.set(name, (versions.get(name) ?? new Set()).add(commit));
    }
    expect([...versions].filter(([, commits]) => commits.size > 1)).toEqual([]);
  });

  test('gives no expression to a shell: what others wrote arrives in the environment', () => {
    expect(steps.filter(([, { run }]) => run?.includes('${{'))).toEqual([]);
  });

  test('checks out without leaving a credential behind', () => {
    const checkouts = steps.filter(([, { uses }]) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(8);
    expect(checkouts.filter(([, step]) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  test('installs packages as the lock file says, without running their scripts', () => {
    const installs = steps.filter(([, { run }]) => /npm (ci|i|install)\b/.test(run ?? ''));
    expect(installs.length).toBeGreaterThan(0);
    expect(installs.filter(([, { run }]) => !/^npm ci --ignore-scripts\b/.test(run!))).toEqual([]);
  });

  test('that has secrets is of this project; actions of others see none', () => {
    const given = steps.filter(([, { env }]) => JSON.stringify(env ?? {}).includes('secrets.'));
    expect(given.length).toBeGreaterThan(10);
    expect(given.filter(([, { uses }]) => uses !== undefined)).toEqual([]);
    for (const [, job] of JOBS) expect(JSON.stringify(job.env ?? {})).not.toContain('secrets.');
  });

  test('turns no debug log on', () => {
    const text = Object.values(files()).join('\n');
    expect(text).not.toMatch(/TF_LOG|ACTIONS_STEP_DEBUG|set -x/);
  });
});

describe('the server', () => {
  const touching = JOBS.filter(([, job]) => job.environment === 'production');

  test('is changed by four jobs', () => {
    expect(touching.map(([name]) => name)).toEqual([
      'deploy/deploy',
      'rollback/redeploy',
      'rollback/release',
      'rollback/emergency',
    ]);
  });

  test.each(['deploy', 'rollback', 'drift'])('has one queue, and %s stands in it whole', (name) => {
    expect(workflow(name).concurrency).toEqual({ group: 'vps', 'cancel-in-progress': false, queue: 'max' });
  });

  test.each(touching)('is deployed to by %s from the two branches alone', (_, job) => {
    expect(job.if).toContain(
      `contains(fromJSON('["refs/heads/main", "refs/heads/docker-swarm"]'), github.ref)`,
    );
  });

  test('is deployed to on every push to both branches, by hand, and when images are sent', () => {
    const { push, repository_dispatch: sent, ...others } = workflow('deploy').on as Record<string, never>;
    expect(push).toEqual({ branches: ['main', 'docker-swarm'] });
    expect(sent).toEqual({ types: ['deploy-images'] });
    expect(Object.keys(others)).toEqual(['workflow_dispatch']);
  });

  test('is only looked at without taking the lock by those who only look', () => {
    const looking = JOBS.filter(([, job]) => /plan/.test(job.environment ?? ''));
    expect(looking.map(([name]) => name)).toEqual(['ci/plan', 'drift/look']);
    for (const [, job] of looking) expect(job.env?.TF_CLI_ARGS_plan).toBe('-lock=false');
    for (const [, job] of touching) expect(job.env?.TF_CLI_ARGS_plan).toBeUndefined();
  });

  test.each([...JOBS].filter(([, job]) => job.environment))(
    'is forgotten at the end of %s, however it ends',
    (_, job) => {
      expect(job.steps.at(-1)).toMatchObject({
        if: '${{ always() }}',
        run: './proctor github logout',
      });
    },
  );
});

describe('the secrets', () => {
  const stack = Object.fromEntries(
    SECRETS.map(({ name, variable }) => [variable, `\${{ secrets.${name} }}`]),
  );
  const { VPS_SSH_KEY: key, ...withoutKey } = stack;
  const full = JOBS.flatMap(([name, job]) =>
    job.environment && name !== 'rollback/emergency'
      ? job.steps.filter(({ env }) => env).map((step): [string, Step] => [`${name}: ${step.name}`, step])
      : [],
  );

  test.each(full)('%s has all of them under the names that the programs read', (_, { env, run }) => {
    const { REF, ...rest } = env ?? {};
    if (REF) expect(rest).toEqual({});
    // The key is for the one step that gives it to the agent.
    else if (run?.includes('proctor github login')) expect(rest).toEqual({ ...withoutKey, VPS_SSH_KEY: key });
    else expect(rest).toEqual(withoutKey);
  });

  test('that an emergency needs are those of the server alone; others are there to be hidden in what a task prints', () => {
    const text = JSON.stringify(workflow('rollback').jobs.emergency);
    const used = new Set([...text.matchAll(/secrets\.(\w+)/g)].map(([, name]) => name));
    const server = ['VPS_HOST', 'VPS_KNOWN_HOSTS', 'VPS_PORT', 'VPS_SSH_KEY', 'VPS_USER'];
    const hidden = SECRETS.filter(({ name }) => /^(DB|SMTP|REGISTRY)_PASSWORD$|^JWT_/.test(name)).map(
      ({ name }) => name,
    );
    expect([...used].sort()).toEqual([...hidden, ...server].sort());
  });
});

test('a job that reads or writes the state does so with checksums that every S3-compatible store knows', () => {
  const withState = JOBS.filter(([, job]) => JSON.stringify(job).includes('AWS_SECRET_ACCESS_KEY'));
  expect(withState).toHaveLength(5);
  for (const [, { env }] of withState) {
    expect(env).toMatchObject({
      AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
      AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
    });
  }
});

test('a job that uses a local action has checked the repository out before', () => {
  for (const [name, { steps: own }] of JOBS) {
    const local = own.findIndex(({ uses }) => uses?.startsWith('./'));
    if (local < 0) continue;
    expect([name, own[0]?.uses?.split('@')[0]]).toEqual([name, 'actions/checkout']);
    expect(localSteps(own[local]!.uses!)?.length).toBeGreaterThan(0);
  }
});

test('a deploy is not `./proctor deploy`, since npm keeps signals to itself; one of an older commit is what that says', () => {
  const deploys = steps.filter(([, { name }]) => name === 'Deploy');
  expect(deploys.map(([job, { run }]) => [job, run])).toEqual([
    ['deploy/deploy', 'exec ./proctor deploy --yes'],
    ['rollback/redeploy', `exec sh -c "exec $(node -p 'require("./package.json").scripts.deploy') --yes"`],
  ]);
  const back = steps.filter(([, { name }]) => name === 'Go back');
  expect(back.map(([job, { run }]) => [job, run])).toEqual([
    ['rollback/release', 'exec ./proctor rollback --to="$RELEASE" --yes'],
  ]);
});
