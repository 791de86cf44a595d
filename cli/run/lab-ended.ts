import { LabError } from '../../lab/ground/error';

/** What a command of the lab ends with. */
export async function ended(work: Promise<void>): Promise<number> {
  try {
    await work;
    return 0;
  } catch (error) {
    console.error(`error: ${error instanceof LabError ? error.message : (error as Error).stack}`);
    return 1;
  }
}
