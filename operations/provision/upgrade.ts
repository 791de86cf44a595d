import type { Execute } from './server';
import { redact } from './server';

const TOOL = 'mariadb-upgrade';
/** An image that has no such tool has no other version's tables either: the official ones have it. */
const IF_THERE = ['sh', '-c', `command -v ${TOOL} >/dev/null || exit 127; exec ${TOOL} "$@"`, 'sh'];
const AS_ROOT = ['--protocol=socket', '--user=root'];

/**
 * Brings the server's own tables to its version, where another one made them, as the official image's entrypoint would:
 * tables of applications are read as they are.
 *
 * @throws with what the tool says
 */
export async function upgradeTables(
  execute: Execute,
  password: string,
  print: (line: string) => void,
): Promise<void> {
  const check = await execute([...IF_THERE, '--check-if-upgrade-is-needed', '--silent', ...AS_ROOT], '');
  if (check.exitCode !== 0) return;
  const { exitCode, stdout, stderr } = await execute([TOOL, '--upgrade-system-tables', ...AS_ROOT], '');
  if (exitCode !== 0) {
    const said = redact((stderr.trim() || stdout.trim()).split('\n').slice(-3).join('; '), password);
    throw new Error(`${TOOL} ended with ${exitCode}: ${said}\n  the server serves on; run this again`);
  }
  print(`${TOOL}: the server's own tables are those of its version now`);
}
