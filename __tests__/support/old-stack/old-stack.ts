import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../../lab/cluster/infrastructure';
import { ask } from '../../../lab/deploy/requests';
import { docker } from '../../../lab/engine/docker';
import { eventually, run } from '../../../lab/ground/shell';
import { APPLICATIONS, RECIPES } from '../../../lab/images/recipes';
import { ImageRegistry } from '../../../lab/images/registry-client';

export const STACK = 'proctorwise';
export const COMPOSE = 'docker-compose.swarm.yml';
const FILES = [COMPOSE, 'nginx.conf', 'init.sql'];
const ROUTES = ['/users', '/exams', '/monitoring', '/corrections', '/notifications', '/analytics'];

/** As plain as such passwords are. Each stands in the services' specifications, for all who may inspect them. */
export const OLD_SECRETS = {
  DB_PASSWORD: 'proctorwise-of-old-1',
  ROOT_PASSWORD: 'root-of-old-1',
  JWT_SECRET_KEY: 'a-key-of-old-that-signs-all-the-sessions-1',
};

/** The stack that ran before this project, on the lab's engine: its files are in this folder. */
export class OldStack {
  readonly folder: string;
  /** What its compose file takes from the shell. */
  readonly env: Readonly<Record<string, string>>;

  constructor(private readonly lab: Lab) {
    this.folder = join(lab.paths.dir, 'old-stack');
    this.env = { REGISTRY: lab.registry, ...OLD_SECRETS };
  }

  docker = (...args: string[]): Promise<string> => docker(this.lab.paths, args, { env: this.env });

  /** The files, a certificate and the `latest` tags. */
  async prepare(): Promise<void> {
    mkdirSync(join(this.folder, 'ssl'), { recursive: true });
    for (const file of FILES) cpSync(join(__dirname, file), join(this.folder, file));
    const [key, certificate] = ['privkey.pem', 'fullchain.pem'].map((name) => join(this.folder, 'ssl', name));
    const pair = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key!, '-out', certificate!];
    if (!existsSync(certificate!))
      await run('openssl', ['req', '-x509', '-subj', '/CN=localhost', '-days', '30', ...pair]);
    const registry = new ImageRegistry(this.lab.registry);
    const official = RECIPES.filter(({ name }) => name !== 'app').map(
      ({ name, tag }) => [name, tag] as const,
    );
    const own = APPLICATIONS.map((name) => [`proctorwise-${name}`, 'v1'] as const);
    for (const [name, tag] of [...official, ...own]) await registry.copy(name, tag, name, 'latest');
  }

  /**
   * `docker stack deploy -c docker-compose.swarm.yml proctorwise`, until every route answers. Whoever does it again from
   * another folder, in which its bind mounts are other ones, restarts what has them.
   */
  async deploy(folder = this.folder): Promise<void> {
    await this.docker('stack', 'deploy', '--compose-file', join(folder, COMPOSE), STACK);
    await this.untilServing();
  }

  /** It does, and nothing of it was adopted. */
  runs = async (): Promise<boolean> =>
    (await this.docker('service', 'ls', '--quiet', '--filter', `name=${STACK}_zookeeper`)) !== '';

  async untilServing(): Promise<void> {
    // Swarm begins with an update a moment after it was told of it.
    await new Promise((done) => setTimeout(done, 3000));
    if (await eventually(180, async () => (await this.isSettled()) && (await this.serves()))) return;
    throw new Error(`the old stack does not serve:\n${await this.docker('stack', 'ps', STACK)}`);
  }

  /** As root, in MariaDB's task: with the old password, or over the socket, which asks for none. */
  async sql(statement: string): Promise<string> {
    const [id] = (await this.docker('ps', '--quiet', '--filter', `name=${STACK}_mariadb`)).split('\n');
    const client = ['mariadb', '-uroot', `-p${OLD_SECRETS.ROOT_PASSWORD}`, '-N', '-e', statement];
    return this.docker('exec', id!, ...client);
  }

  /** No update is under way. */
  private async isSettled(): Promise<boolean> {
    const ids = (await this.docker('service', 'ls', '--quiet')).split('\n').filter(Boolean);
    const state = '{{with .UpdateStatus}}{{.State}}{{end}}';
    const states = await this.docker('service', 'inspect', '--format', state, ...ids);
    return !states.includes('updating');
  }

  async serves(): Promise<boolean> {
    for (const path of ROUTES) {
      const answer = await ask(this.lab, path).catch(() => undefined);
      if (answer?.status !== 200 || !answer.body.includes('"database":"ok"')) return false;
    }
    return true;
  }
}
