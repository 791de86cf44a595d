import { LabError } from '../../lab/ground/error';
import { UsageError } from '../../operations/terminal/usage-error';

/** Ends with a benchmark's own exit code at once: what clients still hold open would keep this process waiting. */
export async function ended(work: Promise<number>): Promise<number> {
  try {
    process.exit(await work);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    console.error(`error: ${error instanceof LabError ? error.message : (error as Error).stack}`);
    process.exit(1);
  }
}
