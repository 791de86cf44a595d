import { NAMESPACE } from '../../lab/deploy/target';
import { docker } from '../../lab/engine/docker';
import { processesIn } from '../../operations/security/processes';
import type { Process } from '../../operations/security/rows/facts';
import { describeLab, expectSuccess, operator, runningLab, runningTarget, runProgram } from './support/lab';

/** capabilities(7): the numbers of those that a program is left with. */
const NONE = 0n;
const MASTER = bits(0, 5, 6, 7);
/** What a program that becomes another user has before; mariadbd itself has none. */
const ENTRYPOINT = bits(0, 1, 6, 7);
/** docs/security.md says why: bodies that are larger than its memory; a start that writes its configuration. */
const WRITABLE_ROOT = ['kafka', 'nginx'];
/** As root: Kafka's own user can write to a few folders alone. */
const WRITES_TO_ITS_IMAGE = ['nginx'];

function bits(...numbers: number[]): bigint {
  return numbers.reduce((sum, number) => sum | (1n << BigInt(number)), 0n);
}

interface Running {
  readonly service: string;
  readonly id: string;
}

async function containers(): Promise<Running[]> {
  const filter = ['--filter', `label=com.docker.stack.namespace=${NAMESPACE}`];
  const names = await docker(runningLab().paths, ['ps', ...filter, '--format', '{{.ID}} {{.Names}}']);
  return names
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', name = ''] = line.split(' ');
      return { id, service: name.slice(NAMESPACE.length + 1).split('.')[0]! };
    });
}

/** What the kernel says of each process of a container's program. */
async function processes({ id }: Running): Promise<readonly Process[]> {
  const ask = 'for s in /proc/[0-9]*/status; do cat "$s"; echo; done 2>/dev/null';
  return processesIn(await docker(runningLab().paths, ['exec', id, 'sh', '-c', ask])) ?? [];
}

describeLab('every container', () => {
  let running: Running[] = [];
  beforeAll(async () => {
    running = await containers();
  });

  test('is one of the ten services', () => {
    expect(new Set(running.map(({ service }) => service)).size).toBe(10);
  });

  test('has no capability that its program does not need, no new privileges, and the filter of system calls', async () => {
    for (const container of running) {
      const found = await processes(container);
      expect(found.length).toBeGreaterThan(0);
      for (const { Name, Pid, CapEff, CapBnd, NoNewPrivs, Seccomp } of found) {
        const allowed = container.service === 'nginx' && Pid === '1' ? MASTER : NONE;
        const bound = { nginx: MASTER, mariadb: ENTRYPOINT }[container.service] ?? NONE;
        expect({ service: container.service, Name, CapEff: BigInt(`0x${CapEff}`) }).toEqual({
          service: container.service,
          Name,
          CapEff: allowed,
        });
        expect(BigInt(`0x${CapBnd}`)).toBe(bound);
        expect({ NoNewPrivs, Seccomp }).toEqual({ NoNewPrivs: '1', Seccomp: '2' });
      }
    }
  });

  test('of a program that clients reach runs it as another user than root, but for the applications', async () => {
    for (const container of running.filter(({ service }) =>
      ['edge', 'nginx', 'mariadb', 'kafka'].includes(service),
    )) {
      const found = (await processes(container)).filter(
        ({ Pid }) => container.service !== 'nginx' || Pid !== '1',
      );
      expect(found.map(({ Uid }) => Uid?.split('\t')[0])).not.toContain('0');
    }
  });

  test('has a root that is read-only, but for two', async () => {
    const format = '{{.HostConfig.ReadonlyRootfs}}';
    for (const { id, service } of running) {
      const readOnly = (await docker(runningLab().paths, ['inspect', '--format', format, id])).trim();
      expect({ service, readOnly }).toEqual({ service, readOnly: String(!WRITABLE_ROOT.includes(service)) });
    }
  });

  test('cannot write to its image, but for nginx', async () => {
    for (const { id, service } of running.filter((one) => !WRITES_TO_ITS_IMAGE.includes(one.service))) {
      for (const folder of ['', '/etc', '/usr/bin', '/var']) {
        const write = docker(runningLab().paths, ['exec', id, 'sh', '-c', `echo x >${folder}/written`]);
        await expect(write.then(() => `${service} wrote to ${folder}/`)).rejects.toThrow(
          /Read-only file system|Permission denied/,
        );
      }
    }
  });

  test('of MariaDB sorts on the disk that has its data', async () => {
    const { id } = running.find(({ service }) => service === 'mariadb')!;
    const sql = (text: string) =>
      docker(runningLab().paths, ['exec', id, 'mariadb', '-uroot', '-N', '-e', text]).then((said) =>
        said.trim(),
      );
    expect(await sql('SELECT @@tmpdir')).toBe('/var/lib/mysql');
    // 100 MB, of which 2 MB fit the memory that a sort has.
    const sorted =
      'SELECT REPEAT(MD5(seq), 32) AS a FROM mysql.seq_1_to_100000 ORDER BY MD5(a) LIMIT 99999, 1';
    const counted = "SHOW SESSION STATUS LIKE 'Sort_merge_passes'";
    expect(await sql(`SELECT LENGTH(a) FROM (${sorted}) AS one; ${counted}`)).toMatch(
      /^1024\nSort_merge_passes\s+[1-9]/,
    );
  });
});

describeLab('./proctor doctor hardening', () => {
  const trials = () => operator('service', 'ls', '--quiet', '--filter', 'label=proctorwise.trial');

  test('says that a service bears it, and with which words', async () => {
    const said = await runProgram('doctor hardening', ['userservice'], runningTarget().variables);
    expectSuccess(said);
    expect(said.output).toContain("capDrop: ['ALL'], readOnlyRoot: true, tmpfs: ['/tmp']");
    expect((await trials()).trim()).toBe('');
  });

  test('says what fails, and leaves nothing either', async () => {
    const said = await runProgram(
      'doctor hardening',
      ['--user', 'nobody-of-that-name', 'userservice'],
      runningTarget().variables,
    );
    expect(said.status).toBe(1);
    expect(said.output).toMatch(/userservice does not bear it: .*nobody-of-that-name/);
    expect((await trials()).trim()).toBe('');
  });

  test('does not start a second database on the same data', async () => {
    const said = await runProgram('doctor hardening', ['mariadb'], runningTarget().variables);
    expect(said.status).toBe(1);
    expect(said.output).toContain('mariadb is not tried: it has data of its own');
  });
});

describeLab('./proctor doctor security', () => {
  /** Of the lab's kernel, its engine and its catalogue: docs/security.md says why the others are not met. */
  const KNOWN = [
    'apparmor',
    'user',
    'read-only-root:kafka,read-only-root:nginx',
    'pids-limit',
    'separate-networks',
    'user-namespaces',
    'autolock',
    'certificate',
    'hsts',
  ].join(',');
  const ask = (...args: string[]) => {
    const { address } = runningLab();
    return runProgram('doctor security', args, { ...runningTarget().variables, VPS_PUBLIC_HOST: address });
  };

  test('finds nothing that is not known, and can ask for most of it', async () => {
    const said = await ask('--accept', KNOWN, '--json');
    expectSuccess(said);
    const { rows } = JSON.parse(said.output) as { rows: { row: string; state: string; text: string }[] };
    expect(rows.filter(({ state }) => state === 'not')).toEqual([]);
    const ok = rows.filter(({ state }) => state === 'ok').map(({ row }) => row);
    expect(ok).toEqual(
      expect.arrayContaining([
        ...['privileged', 'capabilities', 'no-new-privileges', 'seccomp', 'limits', 'host-mounts', 'secrets'],
        ...['published-ports', 'encrypted-networks', 'tls-versions', 'redirect', 'server-header'],
      ]),
    );
    // The server is this very machine.
    expect(rows.filter(({ state }) => state === 'unknown').map(({ row }) => row)).toEqual(['engine-ports']);
  });

  test('says what is otherwise than it should be, service by service, with what to do', async () => {
    const said = await ask();
    expect(said.status).toBe(1);
    expect(said.output).toMatch(/^read-only-root +NOT +(kafka, nginx|nginx, kafka): it can write/m);
    expect(said.output).toMatch(/^separate-networks +→ networks: \{ separate: true \}/m);
  });
});
