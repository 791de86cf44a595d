import { randomBytes } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from '../../contract/release';
import { NAMESPACE } from '../../lab/deploy/target';
import { DockerClient } from '../../operations/docker/client';
import { unpack } from '../../operations/records/packed';
import { readReleases } from '../../operations/records/store';
import { findings } from '../support/platform/canaries';
import { ProjectCopy } from '../support/programs/project-copy';
import { tell } from './support/http';
import {
  describeLab,
  expectSuccess,
  npmRunLab,
  operator,
  runningLab,
  runningTarget,
  runProgram,
  tasks,
  testTerraform,
} from './support/lab';

const ENVIRONMENT = ['--environment', 'lab'];

describeLab('releases', () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());
  /** With the lab's variables, and the applications' images of a tag. */
  const proctor = (verb: string, args: readonly string[] = [], tag = 'v1') =>
    runProgram(
      verb,
      [...args, ...ENVIRONMENT],
      { ...runningTarget().variables, IMAGE_TAG: tag },
      project.folder,
    );
  const list = async (): Promise<Release[]> => {
    const run = await proctor('releases', ['--json']);
    expectSuccess(run);
    return JSON.parse(run.output).releases;
  };
  const versionOf = async (path: string) => (await tell(path)).version;
  const done = async (verb: string, args: readonly string[] = [], tag = 'v1') => {
    const run = await proctor(verb, args, tag);
    expectSuccess(run);
    return run.output;
  };
  let first: number;

  beforeAll(async () => {
    // What a rollback by hand left is no release.
    expectSuccess(await npmRunLab());
    // Where the lab's state is looked for.
    symlinkSync(runningLab().paths.dir, project.path('.lab'));
  });

  testTerraform('each deploy that changes something is one, with what became of every service', async () => {
    const before = (await list()).length;
    await done('deploy', ['--yes'], 'v2');
    await done('deploy', ['--yes'], 'v1');
    await done('deploy', ['--yes'], 'v2');
    expect(await done('deploy', ['--yes'], 'v2')).toContain('nothing to do');
    const releases = await list();
    expect(releases).toHaveLength(before + 3);
    const [newest, previous] = releases as [Release, Release];
    first = previous.number;
    expect(newest).toMatchObject({ number: first + 1, outcome: 'converged', environment: 'lab' });
    expect(newest.leftOut).toBeUndefined();
    expect(newest.services).toHaveLength(6);
    expect(newest.images.userservice).toMatch(/:v2@sha256:/);
    expect(newest.objects).toContainEqual(
      expect.stringMatching(/^proctorwise_db_password_userservice_[0-9a-f]{10}$/),
    );
  });

  testTerraform('no value of a secret is in a record, not in what is compressed either', async () => {
    const { lab, secrets } = runningTarget();
    const docker = new DockerClient({ host: `unix://${lab.paths.socket}` });
    const records = await readReleases(docker, NAMESPACE).finally(() => docker.close());
    expect(records.length).toBeGreaterThan(2);
    const texts = records.map((record): [string, string] => [
      `release ${record.number}`,
      JSON.stringify({ ...record, ...unpack(record) }),
    ]);
    // A shorter one may stand anywhere by chance.
    const values = Object.values(secrets).filter((value) => value.length >= 12);
    expect(values.length).toBeGreaterThan(1);
    expect(findings(texts, values)).toEqual([]);
  });

  testTerraform('two are told apart in the words of a plan, which learns how long rolls take', async () => {
    expect(await done('releases diff', [String(first), String(first + 1)])).toMatch(
      /update +userservice +image \S+:v1 → \S+:v2 · rolling, start-first/,
    );
    const plan = await proctor('plan', [], 'v1');
    expect(plan.status).toBe(2);
    expect(plan.output).toMatch(/userservice .*about \d+ s.*; the last (two|three|four|five) took \d+/);
  });

  testTerraform(
    'the server is proved to run exactly the newest, and what was done by hand is named',
    async () => {
      expect(await done('verify')).toMatch(
        new RegExp(`^the server at \\S+ runs exactly release ${first + 1}\n$`),
      );
      const older = await proctor('verify', [String(first)]);
      expect(older.status).toBe(1);
      expect(older.output).toMatch(/proctorwise_userservice: image \S+:v2@\S+ instead of \S+:v1@/);
      await operator('service', 'scale', 'proctorwise_analyticsservice=2');
      const scaled = await proctor('verify');
      await operator('service', 'scale', 'proctorwise_analyticsservice=1');
      expect(scaled.status).toBe(1);
      expect(scaled.output).toContain('proctorwise_analyticsservice: 2 replicas instead of 1');
    },
  );

  testTerraform('while it is locked nobody deploys, and everybody is told why', async () => {
    expect(await done('lock', ['the data moves'])).toContain('nobody deploys');
    const before = await tasks();
    for (const [verb, args] of [
      ['deploy', ['--yes']],
      ['rollback', ['--to', 'previous', '--yes']],
    ] as const) {
      const run = await proctor(verb, args, 'v1');
      expect(run.status).toBe(1);
      expect(run.output).toMatch(/deploys are locked by .+ since .+ UTC: the data moves/);
    }
    expect((await proctor('lock', ['again'])).status).toBe(1);
    expect(await done('audit')).toMatch(/deployed release \d+ from .*\n.*deploys are locked by/);
    await done('unlock');
    expect(await tasks()).toEqual(before);
  });

  testTerraform(
    'going back to the previous one converges, and leaves nothing to do for its own commit',
    async () => {
      expect(await versionOf('/users')).toBe('v2');
      // As in an emergency: what is checked out says otherwise.
      const back = await proctor('rollback', ['--to', 'previous', '--yes'], 'v2');
      expectSuccess(back);
      expect(back.output).toMatch(
        new RegExp(`back to release ${first} of swarm-lab[\\s\\S]*release ${first + 2}\n`),
      );
      expect(await versionOf('/users')).toBe('v1');
      expect((await list())[0]).toMatchObject({ number: first + 2, of: first, outcome: 'converged' });
      expect(await done('verify')).toContain(`exactly release ${first + 2}`);
      const plan = await proctor('plan', [], 'v1');
      expect(plan.output).toContain('nothing to do');
      expect(plan.status).toBe(0);
    },
  );

  testTerraform('prune shows what goes, and keeps what only the third-last release needs', async () => {
    const value = randomBytes(32).toString('base64url');
    const file = join(runningLab().paths.dir, 'secrets.json');
    // What this lab's later deploys give, too.
    const secrets = { ...runningTarget().secrets, jwt_secret_key: value };
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
    expect(await done('deploy', ['--yes'])).toMatch(new RegExp(`release ${first + 3}\n`));
    const third = (await list()).filter(({ exitCode }) => exitCode === 0)[2]!;
    expect(third.number).toBe(first + 1);
    const digest = third.images.userservice!.split('@')[1]!;
    // Nothing else keeps it: neither what runs, nor what Swarm would roll back to.
    const specs = await operator(
      'service',
      'inspect',
      '--format',
      '{{json .Spec.TaskTemplate.ContainerSpec.Image}} {{json .PreviousSpec.TaskTemplate.ContainerSpec.Image}}',
      'proctorwise_userservice',
    );
    expect(specs).not.toContain(digest);

    const before = await tasks();
    const shown = await done('prune');
    expect(shown).toContain('nothing was removed; add --yes to do it');
    await done('prune', ['--yes']);
    expect(await tasks()).toEqual(before);
    const images = await operator(
      'image',
      'ls',
      '--digests',
      '--format',
      '{{.Repository}} {{.Tag}} {{.Digest}}',
    );
    expect(images).toContain(digest);
    expect(await done('prune')).toMatch(/^nothing to remove$/m);
  });

  testTerraform(
    'going back to the third-last by its number keeps today’s secrets, and says which were rotated since',
    async () => {
      expect(await versionOf('/users')).toBe('v1');
      const secretsOf = () =>
        operator(
          'service',
          'inspect',
          '--format',
          '{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.SecretName}} {{end}}',
          'proctorwise_userservice',
        );
      const today = await secretsOf();
      const back = await proctor('rollback', ['--to', String(first + 1), '--yes']);
      expectSuccess(back);
      expect(back.output).toContain(`back to release ${first + 1} of swarm-lab`);
      expect(back.output).toContain(
        "secrets keep today's values: proctorwise_jwt_secret_key rotated since\n",
      );
      expect(back.output).toMatch(
        new RegExp(`release ${first + 4}\n.*rolls forward again, unless its commit says what runs now\n`),
      );
      expect(await secretsOf()).toBe(today);
      expect(await tell('/users')).toMatchObject({ status: 200, version: 'v2' });
      expect((await list())[0]).toMatchObject({ number: first + 4, of: first + 1, outcome: 'converged' });
      expect(await done('verify')).toMatch(
        new RegExp(`^the server at \\S+ runs exactly release ${first + 4}\n$`),
      );
      expect(await done('plan', [], 'v2')).toContain('nothing to do');
      await done('deploy', ['--yes']);
    },
  );
});
