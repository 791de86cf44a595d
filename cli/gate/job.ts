import { runJobStep } from '../../operations/jobs/main';
import { catchUnforeseen } from '../../operations/terminal/unforeseen';

catchUnforeseen('the job step');

const signals: NodeJS.Signals[] = [];
// Terraform passes an interrupt on; its program gets it, and ends the job.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => signals.push(signal));

/** dist/job.js: Terraform runs it for what runs once, such as a migration. */
runJobStep({
  env: process.env,
  print: (line) => console.log(line),
  printError: (line) => console.error(line),
  signals,
}).then((status) => {
  process.exit(status);
});
