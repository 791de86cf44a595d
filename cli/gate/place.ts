import { runPlace } from '../../operations/place/main';

/** dist/place.js: Terraform runs it before and after a service with data. */
runPlace({
  env: process.env,
  print: (line) => console.log(line),
  printError: (line) => console.error(line),
}).then((status) => {
  process.exitCode = status;
});
