import type { DeployCommand } from '../../../proof/platform/deploy-command';
import { describeLab } from '../../e2e/support/lab';
import { deployCommand } from './deploys';
import { expectServing, expectSettled } from './keeps';

/** Faults while Terraform applies; skipped, with a loud word from the set-up, where its providers cannot be had. */
export const describeApply: jest.Describe = process.env.E2E_NO_TERRAFORM ? describe.skip : describeLab;

/** Before each file the platform serves as it is written, with v1 of every application. */
export function deployedPlatform(): { readonly command: DeployCommand } {
  let command: DeployCommand | undefined;
  beforeAll(async () => {
    command = deployCommand();
    // What an earlier file did to the services may be told for two minutes more.
    await expectSettled(command, await command.deploy(), 'unchanged', 'converged');
    await expectServing();
  });
  afterAll(() => command?.remove());
  return {
    get command() {
      if (!command) throw new Error('nothing is deployed before the tests begin');
      return command;
    },
  };
}
