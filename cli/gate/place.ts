import { runPlace } from '../../operations/place/main';
import { catchUnforeseen } from '../../operations/terminal/unforeseen';

catchUnforeseen('the check of the data’s place');

/** dist/place.js: Terraform runs it before and after a service with data. */
runPlace({
  env: process.env,
  print: (line) => console.log(line),
  printError: (line) => console.error(line),
}).then((status) => {
  process.exitCode = status;
});
