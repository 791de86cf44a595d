import { serviceRule } from './rule';

/**
 * Docker's json-file keeps everything unless told otherwise, and a full disk ends every service of the node.
 * @refuses the log drivers json-file and local without `max-size` and `max-file`
 * @fix give both, or leave logDriver out
 */
export const logRotation = serviceRule('log-rotation', function* ({ props: { logDriver } }) {
  if (!['json-file', 'local'].includes(logDriver.name)) return;
  if (!logDriver.options['max-size'] || !logDriver.options['max-file']) {
    yield {
      problem: `has the log driver ${logDriver.name} without rotation`,
      fix: "give it the options 'max-size' and 'max-file', or leave logDriver out",
    };
  }
});
