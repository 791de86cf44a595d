import { UsageError } from '../../operations/terminal/usage-error';

/** The words typed make no sense: what is wrong, and in the second line what to do. Exit code 64. */
export class WrongUsage extends UsageError {
  /** @param of the verb whose usage helps */
  constructor(
    message: string,
    readonly of?: string,
  ) {
    super(message);
  }
}
