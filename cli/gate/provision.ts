import { provision } from '../../operations/provision/main';
import { catchUnforeseen } from '../../operations/terminal/unforeseen';

catchUnforeseen('the provisioning step');

/** dist/provision.js: Terraform runs it before and after the applications, and so does `./proctor provision`. */
provision({
  arguments: process.argv.slice(2),
  env: process.env,
  print: (line) => console.log(line),
  printError: (line) => console.error(line),
}).then((status) => {
  process.exitCode = status;
});
