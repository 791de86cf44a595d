import { writeFileSync } from 'node:fs';
import { type FakeDaemon, fakeDaemon } from '../../../../../unit/operations/docker/fake-daemon';
import { type Door, openDoor, synthesized } from './door';
import { forget, type Ran, runJob, type Setting } from './job';
import { Project } from './project';
import { SSHD, startVps, type Vps } from './vps';
import { workflow } from './workflow';

export const CANARY = 'canary pass/word+1';
export const SSE = Buffer.alloc(32, 7).toString('base64');
const BUCKET = 'secret-of-the-bucket';

/** All that the job `deploy` needs beside itself: a server, a project, the public door, the secrets. */
export class Deployment {
  vps!: Vps;
  project!: Project;
  /** As GitHub has them; a test may spoil them. */
  secrets: Record<string, string> = {};
  private daemon!: FakeDaemon;
  private door!: Door;
  private readonly jobs: Ran[] = [];

  async start(): Promise<void> {
    this.daemon = await fakeDaemon((_request, _body, response) => response.end('OK'));
    if (SSHD) this.vps = await startVps(this.daemon);
    this.project = new Project();
    this.door = await openDoor(this.project.folder);
    synthesized(this.project.folder, { serverName: 'proctorwise.example.com', selfSigned: true });
  }

  async stop(): Promise<void> {
    await this.vps?.stop();
    await this.daemon.stop();
    this.door.close();
    this.project.remove();
  }

  /** As before any deploy, with all that is needed. */
  reset(): void {
    this.secrets = {
      ...this.vps?.secrets,
      DB_PASSWORD: CANARY,
      JWT_SECRET_KEY: 'j'.repeat(40),
      SMTP_HOST: 'mail.example.com',
      SMTP_PORT: '587',
      AWS_ACCESS_KEY_ID: 'AKIAKEY',
      AWS_SECRET_ACCESS_KEY: BUCKET,
      AWS_SSE_CUSTOMER_KEY: SSE,
    };
    writeFileSync(this.project.path('calls.jsonl'), '');
    for (const name of ['deploy', 'state:doctor']) this.project.ends(name, 0);
    this.project.plans({
      code: 2,
      markdown: '<!-- plan of swarm -->\n## Plan of swarm\n\nnothing but good\n',
    });
  }

  forget(): void {
    this.jobs.splice(0).forEach(forget);
  }

  async run({ env, ...more }: Partial<Setting> = {}): Promise<Ran> {
    const ran = await runJob(workflow('deploy').jobs.deploy!, {
      folder: this.project.folder,
      github: { event_name: 'push', ref: 'refs/heads/main', sha: 'a'.repeat(40) },
      secrets: this.secrets,
      needs: { images: { result: 'skipped' }, checked: { result: 'success' } },
      ...more,
      env: { ...this.door.env, ...env },
    });
    this.jobs.push(ran);
    return ran;
  }

  /** The stand-ins that were called, in order. */
  get scripts(): string[] {
    return this.project.called.map(({ script }) => script);
  }

  /** Nothing of a secret is in what people see. */
  expectNoLeak({ log, summary }: Ran): void {
    const values = [CANARY, SSE, BUCKET, encodeURIComponent(CANARY), this.secrets.VPS_SSH_KEY ?? ''];
    const lines = values.flatMap((value) => value.split(/\r?\n/));
    for (const line of lines.filter((one) => one.length > 12 && !one.startsWith('-----'))) {
      expect(log + summary).not.toContain(line);
      expect(log + summary).not.toContain(Buffer.from(line).toString('base64'));
    }
  }
}

/** One for all tests of a file, as new before each. */
export function useDeployment(): Deployment {
  const deployment = new Deployment();
  beforeAll(() => deployment.start());
  afterAll(() => deployment.stop());
  beforeEach(() => deployment.reset());
  afterEach(() => deployment.forget());
  return deployment;
}

/** How each step ended, by its name. */
export const outcomes = ({ steps }: Ran): Record<string, string> =>
  Object.fromEntries(steps.map(({ name, outcome }) => [name, outcome]));
