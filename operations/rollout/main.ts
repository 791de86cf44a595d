import { handingOver } from '../../contract/handover';
import { EXIT_CODES, EXIT_USAGE } from '../../contract/outcome';
import type { Shell } from '../../contract/shell';
import { certificateNote } from '../certificates/note';
import { SwarmClient } from '../docker/swarm-client';
import { firstLineOf } from '../terminal/message-of';
import { UsageError } from '../terminal/usage-error';
import { follow, say } from './follow';
import { letGo } from './holders/let-go';
import { parsePlanned } from './input';
import { record } from './record';

/** The gate in a deploy. Resolves to the exit code. @param args `--json`, for one object instead of a report */
export async function runGate(args: readonly string[], shell: Shell): Promise<number> {
  const { ROLLOUT } = shell;
  try {
    if (!ROLLOUT || args.some((arg) => arg !== '--json')) {
      throw new UsageError(
        'the gate of a deploy takes ROLLOUT from Terraform\nby hand: ./proctor rollout <stack or service>',
      );
    }
    return await gate(ROLLOUT, shell, args.length > 0);
  } catch (error) {
    if (!(error instanceof UsageError) && !/^cannot use the Docker host/.test((error as Error).message))
      throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return EXIT_USAGE;
  }
}

/** `ROLLOUT` says what was planned, `ROLLOUT_REPORTS` where to leave the outcome, if anywhere. */
async function gate(json: string, shell: Shell, asJson: boolean): Promise<number> {
  const rollout = handingOver(parsePlanned(json), shell);
  const { ROLLOUT_REPORTS, VPS_PUBLIC_HOST } = shell;
  const underDeploy = Boolean(ROLLOUT_REPORTS) && !asJson;
  const swarm = new SwarmClient({ host: rollout.host, sshOptions: rollout.sshOptions ?? [] });
  const result = await follow(swarm, rollout, {
    json: asJson,
    mayRollBack: true,
    mayResume: true,
    judgeStatus: false,
    redraw: true,
    underDeploy,
  });
  if (result.outcome === 'converged') {
    // What they hold may stay, and then the end of the deploy says so; the rollout itself was good.
    await letGo(swarm.docker, rollout, (line) => say(line, underDeploy)).catch((error: unknown) =>
      say(`warning: jobs of ${rollout.service} could not be looked at: ${firstLineOf(error)}`, underDeploy),
    );
  }
  swarm.close();
  if (rollout.certificate && result.outcome === 'converged' && !asJson) {
    const endpoint = VPS_PUBLIC_HOST
      ? { ...rollout.certificate, host: VPS_PUBLIC_HOST }
      : rollout.certificate;
    const note = await certificateNote(endpoint);
    // A certificate fails no deploy: what was deployed may be what mends it.
    if (note?.warn) say(`warning: ${note.text}`, underDeploy);
  }
  try {
    if (ROLLOUT_REPORTS) record(ROLLOUT_REPORTS, result, rollout);
  } catch (error) {
    // A full disk here is no reason to call a good rollout bad.
    process.stderr.write(`the outcome could not be written to ROLLOUT_REPORTS: ${String(error)}\n`);
  }
  return EXIT_CODES[result.outcome];
}
