import { runGate } from '../../operations/rollout/main';
import { catchUnforeseen } from '../../operations/terminal/unforeseen';

catchUnforeseen('the rollout gate');

/** dist/rollout.js: Terraform runs it after each service, without the packages and without the table of verbs. */
runGate(process.argv.slice(2), process.env).then((code) => {
  process.exitCode = code;
});
