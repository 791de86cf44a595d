import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labPaths } from '../../../lab/paths';
import { ensureRequirements } from '../../../lab/requirements';

/**
 * Where the lab of the tests is: apart from the user's own. `E2E_LAB_DIR` names another folder; a lab that runs there
 * is used. Where the lab cannot run, `E2E_SKIPPED` says why, and every test is skipped.
 */
export default async function setup(): Promise<void> {
  process.env.LAB_DIR = process.env.E2E_LAB_DIR || join(tmpdir(), 'proctorwise-e2e');
  process.env.LAB_SSH_PORT ||= String(await freePort());
  process.env.LAB_REGISTRY_PORT ||= String(await freePort());
  delete process.env.IMAGE_TAG;
  try {
    await ensureRequirements(labPaths(), () => {});
  } catch (error) {
    process.env.E2E_SKIPPED = (error as Error).message;
    process.stderr.write(`\n!!! EVERY END-TO-END TEST IS SKIPPED: ${(error as Error).message}\n\n`);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
