import { spawn } from 'node:child_process';
import type { StepLine } from '../../contract/host';
import { explain } from '../docker/explain';
import { loginArguments, parseDockerHost } from '../docker/host';
import { CarrierEnded } from '../docker/stdio-socket';
import type { SynthesizedHost } from '../stack/synthesized-host';
import { harmless } from '../terminal/untrusted';

/** What only a person can put right, each with what to do; undefined when there is none. */
export function failures(said: readonly StepLine[]): string | undefined {
  const failed = said.filter(({ kind }) => kind === 'failed');
  return failed.map(inTwoLines).join('\n') || undefined;
}

export const inTwoLines = ({ step, text, fix }: StepLine): string =>
  `${step}: ${text}${fix ? `\n  ${fix}` : ''}`;

/** Nine steps take some seconds; a server that swaps may need longer. */
const SECONDS = 180;
const SSH_FAILED = 255;

/** What a step's lines mean, which repeat what is on the server; others are left out. A failure's second line is its fix. */
export function parseStepLines(output: string): StepLine[] {
  const lines = harmless(output).split('\n');
  return lines.flatMap((line, index) => {
    const [, kind, step, text] = /^(ok|differs|restarts|changes|note|failed) (\w+): (.*)$/.exec(line) ?? [];
    if (!kind || !step || text === undefined) return [];
    const fix = kind === 'failed' ? /^ {2}(.*)$/.exec(lines[index + 1] ?? '')?.[1] : undefined;
    return [{ kind: kind as StepLine['kind'], step, text, ...(fix ? { fix } : {}) }];
  });
}

/**
 * Asks every step over one ssh connection what differs, and changes nothing. The scripts are those that Terraform runs.
 *
 * @throws ConnectionError when the server cannot be asked
 */
export async function checkHost({ server, sshOptions, steps }: SynthesizedHost): Promise<StepLine[]> {
  const target = parseDockerHost(server);
  if (target.kind !== 'ssh') throw new Error(`${server} is not reached over ssh`);
  // A connection of its own: a shared one keeps the groups that the user had when it was made.
  const args = [...loginArguments(target, sshOptions, true), 'sh', '-s'];
  const child = spawn('ssh', args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: process.env,
    timeout: SECONDS * 1000,
  });
  let output = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(allOf(steps.map(({ script }) => script)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(explain(error, server) ?? error));
    child.once('close', resolve);
  });
  if (code === SSH_FAILED)
    throw explain(new CarrierEnded(code, stderr), server) ?? new Error(harmless(stderr));
  if (code === null) throw new Error(`the check of ${server} did not end within ${SECONDS} s`);
  return parseStepLines(`${output}\n${stderr}`);
}

/** Each script in a shell of its own: one that stops does not hide what the others find. */
const allOf = (scripts: readonly string[]): string =>
  [
    'HOST_CHECK=1; export HOST_CHECK',
    ...scripts.map(
      (script, index) => `sh -s << 'END_OF_STEP_${index}' || :\n${script}\nEND_OF_STEP_${index}`,
    ),
    '',
  ].join('\n');
