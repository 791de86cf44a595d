import type { EnvironmentSpec } from '../constructs';
import { platform } from '../services.config';

/** For what looks at a running stack: the catalogue's own name for it, unless `--stack` says another. */
const { environments } = platform;
const id = process.env.PLATFORM_ENVIRONMENT || 'production';
export const environment: EnvironmentSpec<string> | undefined = environments[id as keyof typeof environments];
// First, so that one that was typed wins.
process.argv.splice(2, 0, '--stack', environment?.name ?? platform.name);
