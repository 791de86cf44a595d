import { withDocker } from '../docker/client';
import type { SynthesizedStack } from '../stack/synthesized';
import type { Console } from '../terminal/console';
import { terraformCommand, terraformName } from '../terraform/program';
import { type ForgottenObject, findHidden, refuseHidden } from './forgotten';
import { findLeftovers, type Leftover, type PlannedObject, removeUnused } from './leftovers';

/** What a plan says of objects besides services. */
interface PlanOfObjects {
  readonly creates: readonly PlannedObject[];
  readonly forgotten: readonly ForgottenObject[];
}

/**
 * A plan that has seen all there is, and whose secrets and configs can be created: Terraform stops at a name that is
 * taken, with half of a deploy done. One that an interrupted deploy left is removed.
 *
 * @throws when services use one that Terraform's state does not know, or when Terraform cannot read one that is there
 */
export async function clearTheWay<P extends PlanOfObjects>(
  { host, sshOptions }: Pick<SynthesizedStack, 'host' | 'sshOptions'>,
  makePlan: () => Promise<P | undefined>,
  console: Pick<Console, 'say'>,
): Promise<P | undefined> {
  const first = await makePlan();
  if (!first || first.creates.length + first.forgotten.length === 0) return first;
  return withDocker({ host, sshOptions, fresh: true }, async (docker) => {
    const inTheWay = [
      ...(await findHidden(docker, first.forgotten)),
      ...(await findLeftovers(docker, first.creates)),
    ];
    if (inTheWay.length === 0) return first;
    // A connection that broke while Terraform read hides an object from the plan, which then creates it a second time.
    const second = await makePlan();
    if (!second) return second;
    refuseHidden(await findHidden(docker, second.forgotten));
    const left = await findLeftovers(docker, second.creates);
    const stay = await removeUnused(docker, left, (line) => console.say(`  ${line}`));
    if (stay.length > 0) throw new Error(stay.map(inWords).join('\n'));
    return second;
  });
}

function inWords({ kind, name, users }: Leftover): string {
  const fix =
    kind === 'secret'
      ? 'rotate it: a new value gets a new name (./proctor secrets --generate makes one, or says where it comes from)'
      : `${terraformCommand()} import it; docker config inspect ${name} tells its id`;
  return `the ${kind} ${name} is in use by ${users.join(', ')}, but ${terraformName()}'s state does not know it; nothing was changed\n  ${fix}`;
}
