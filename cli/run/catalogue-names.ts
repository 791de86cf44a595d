import { platform } from '../../services.config';
import type { CatalogueNames } from '../completion/candidates';

/** For completion. */
export const names = (): CatalogueNames => ({
  environment: Object.keys(platform.environments),
  service: [...Object.keys(platform.services), ...Object.keys(platform.backends ?? {})],
  secret: Object.keys(platform.secrets),
});
