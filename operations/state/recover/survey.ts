import type { Shell } from '../../../contract/shell';
import type { Service } from '../../docker/answers';
import { withDocker } from '../../docker/client';
import { askExisting, type ExistingObject } from '../../stack/existing';
import { askSecrets, type Opened, type OpenProps, refuseMissing, terraformOf } from '../../stack/open';
import { openState } from '../../stack/state';
import type { SynthesizedStack } from '../../stack/synthesized';
import type { Console } from '../../terminal/console';
import type { TerraformRun } from '../../terraform/run';
import type { KnownObject } from '../../terraform/state-contents';
import { type Declared, readDeclared } from './declared';
import { type Match, matchObjects } from './match';

export interface RecoverRun {
  readonly environment: string;
  /** Write what was found into the state. @default only show it */
  readonly import: boolean;
  readonly projectFolder: string;
  readonly shell: Shell;
  readonly console: Console;
}

/** The catalogue, the server and the state, side by side. */
export interface Survey {
  readonly stack: SynthesizedStack;
  readonly terraform: TerraformRun;
  readonly declared: Declared;
  readonly existing: readonly ExistingObject[];
  /** What of the catalogue's services runs. */
  readonly running: readonly Service[];
  readonly known: readonly KnownObject[];
  readonly matches: readonly Match[];
  /** With the values that the secrets' commands printed; asked for once. */
  readonly opened: Opened;
}

/** Opens the environment for a recovery, which may look twice. */
export const openRecovery = ({ environment, projectFolder, shell, console }: RecoverRun): OpenProps => ({
  environment,
  projectFolder,
  shell,
  purpose: 'recover',
  // A plan that ends at prevent_destroy says nothing of why; nobody applies this one.
  allowDestroy: true,
  say: (line) => console.say(line),
  onWait: (holder) => console.say(`${holder}: waiting for up to 10 minutes`),
});

/**
 * Asks the server and reads the state.
 *
 * @throws when the state is another platform's, when a variable is missing, and what is no answer to these
 */
export async function survey(environment: Opened, { projectFolder, console }: RecoverRun): Promise<Survey> {
  const opened = await askSecrets(environment, {
    projectFolder,
    say: (line) => console.say(`  asking for ${line}`),
  });
  refuseMissing(opened);
  const { stack } = opened;
  const terraform = terraformOf(opened);
  const { known, strange } = await openState(stack, terraform);
  const [stranger] = strange;
  if (stranger) throw new Error(`the state is not this platform's: ${stranger.text}\n  ${stranger.fix}`);
  const declared = readDeclared(stack.folder);
  const { existing, running } = await withDocker(stack, async (docker) => {
    const services = await docker.services();
    return {
      existing: await askExisting(docker, stack.namespace, services),
      running: services.filter(({ Spec }) => stack.services.some(({ name }) => name === Spec.Name)),
    };
  });
  const matches = matchObjects(declared, existing, known);
  return { stack, terraform, declared, existing, running, known, matches, opened };
}
