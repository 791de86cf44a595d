import { EXIT_CODES, EXIT_USAGE } from '../../contract/outcome';
import { certificateNote } from '../certificates/note';
import { SwarmClient } from '../docker/swarm-client';
import { UsageError } from '../terminal/usage-error';
import { follow } from './follow';
import { parsePlanned } from './input';
import { record } from './record';

/** The gate in a deploy: `ROLLOUT` says what was planned, `ROLLOUT_REPORTS` where to leave the outcome, if anywhere. */
async function gate(json: string, asJson: boolean): Promise<number> {
  const rollout = parsePlanned(json);
  const swarm = new SwarmClient({ host: rollout.host, sshOptions: rollout.sshOptions ?? [] });
  const result = await follow(swarm, rollout, {
    json: asJson,
    mayRollBack: true,
    mayResume: true,
    judgeStatus: false,
    redraw: true,
  });
  swarm.close();
  if (rollout.certificate && result.outcome === 'converged' && !asJson) {
    const { VPS_PUBLIC_HOST } = process.env;
    const door = VPS_PUBLIC_HOST ? { ...rollout.certificate, host: VPS_PUBLIC_HOST } : rollout.certificate;
    const note = await certificateNote(door);
    // A certificate fails no deploy: what was deployed may be what mends it.
    if (note?.warn) process.stdout.write(`warning: ${note.text}\n`);
  }
  const { ROLLOUT_REPORTS } = process.env;
  try {
    if (ROLLOUT_REPORTS) record(ROLLOUT_REPORTS, result, rollout);
  } catch (error) {
    // A full disk here is no reason to call a good rollout bad.
    process.stderr.write(`the outcome could not be written to ROLLOUT_REPORTS: ${String(error)}\n`);
  }
  return EXIT_CODES[result.outcome];
}

async function main(): Promise<number> {
  const { ROLLOUT } = process.env;
  const args = process.argv.slice(2);
  try {
    if (!ROLLOUT || args.some((arg) => arg !== '--json')) {
      throw new UsageError(
        'the gate of a deploy takes ROLLOUT from Terraform\nby hand: ./proctor rollout <stack or service>',
      );
    }
    return await gate(ROLLOUT, args.length > 0);
  } catch (error) {
    if (!(error instanceof UsageError) && !/^cannot use the Docker host/.test((error as Error).message))
      throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return EXIT_USAGE;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `the rollout gate itself failed: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = 70;
  },
);
