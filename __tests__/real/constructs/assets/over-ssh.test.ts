import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SCRIPT = resolve(__dirname, '../../../../constructs/assets/over-ssh.sh');
let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'over-ssh-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a step with an ssh that does what a shell script says; `said` is where it has to put its own words. */
function run(ssh: string, environment: Record<string, string> = {}) {
  const program = (name: string, text: string) =>
    writeFileSync(at(name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program('ssh', `said=$2\necho "$*" >> ${at('calls')}\n${ssh}`);
  const { status, stdout, stderr } = spawnSync('sh', ['-c', readFileSync(SCRIPT, 'utf8'), 'docker', 'vps'], {
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      TMPDIR: folder,
      HOST_STEP: 'echo "of the step"',
      HOST_KNOWN: 'vps ssh-ed25519 AAAA',
      ...environment,
    },
  });
  return { status, stdout, stderr, calls: existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8') : '' };
}

test('the step goes through a pipe, the key is pinned in a file of its own, and nothing is left', () => {
  const { status, stdout } = run('cat; cat "$(dirname "$said")/known_hosts"');
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'echo "of the step"\nvps ssh-ed25519 AAAA\n' });
  expect(spawnSync('sh', ['-c', `ls ${folder}`], { encoding: 'utf8' }).stdout).toBe('calls\nssh\n');
});

test('a step that fails is not run again', () => {
  const { status, calls } = run('cat > /dev/null; exit 1');
  expect(status).toBe(1);
  expect(calls.trim().split('\n')).toHaveLength(1);
});

test('a server that does not answer yet is asked again, and not for ever', () => {
  const refused = 'echo "ssh: connect to host vps port 22: Connection refused" >> "$said"; exit 255';
  const later = run(`cat > /dev/null; [ "$(wc -l < ${at('calls')})" -ge 2 ] || { ${refused}; }`);
  expect(later).toMatchObject({ status: 0, stderr: '' });
  const never = run(`cat > /dev/null; ${refused}`, { HOST_SECONDS: '0' });
  expect(never.status).toBe(1);
  expect(never.stderr).toMatch(
    /^failed docker: ssh: connect to host vps port 22: Connection refused\n {2}see that ssh logs in/,
  );
});

test('a server that shows another key is not asked again', () => {
  const { status, stderr, calls } = run('echo "Host key verification failed." > "$said"; exit 255');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^failed docker: the server shows another host key .*\n {2}compare its fingerprint/);
  expect(calls.trim().split('\n')).toHaveLength(1);
});

test('a server that hangs up before the right key had its turn is not asked again', () => {
  const said = 'Received disconnect from 203.0.113.10 port 22:2: Too many authentication failures';
  const { status, stderr, calls } = run(`echo '${said}\nDisconnected from x' > "$said"; exit 255`);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^failed docker: the server hangs up before .*\n {2}name .* VPS_SSH_IDENTITY=/);
  expect(calls.trim().split('\n')).toHaveLength(1);
});
