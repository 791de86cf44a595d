import { withEnvFile } from '../secrets/sources';
import { redactorOfEnvironment } from './environment';
import type { Redactor } from './redactor';

/** What failing tasks print may be secrets of the `.env` file, too; one that cannot be read must not keep from looking. */
export function redactorHere(env: NodeJS.ProcessEnv): Redactor {
  try {
    return redactorOfEnvironment(
      withEnvFile(env, process.cwd(), env.PLATFORM_ENVIRONMENT || 'production').shell,
    );
  } catch {
    return redactorOfEnvironment(env);
  }
}
