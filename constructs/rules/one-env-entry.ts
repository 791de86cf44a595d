import { serviceRule } from './rule';

/**
 * The provider writes `env` from a map, in random order: with two entries any update can restart every task.
 * @refuses more than one entry in `environment`
 * @fix write settings, which keep their order
 */
export const oneEnvEntry = serviceRule('one-env-entry', function* ({ props }) {
  const names = Object.keys(props.environment ?? {});
  if (names.length > 1) {
    yield {
      problem: `has ${names.length} environment entries (${names.join(', ')})`,
      fix: 'write settings instead, which keep their order; environment is for one entry at most',
    };
  }
});
