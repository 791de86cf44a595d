import { runGate } from '../../operations/rollout/main';

/** dist/rollout.js: Terraform runs it after each service, without the packages and without the table of verbs. */
runGate(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `the rollout gate itself failed: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = 70;
  },
);
