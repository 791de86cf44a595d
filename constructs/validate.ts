import { applicationsOf } from './applications';
import type { PlatformSpec } from './catalogue';

const RESERVED = ['nginx', 'edge', 'mariadb', 'kafka', 'launcher', 'deployed'];
/** A name is a DNS label, and also part of a Terraform address. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** Facts across the catalogue that types cannot see. Throws with all of them at once. */
export function validateCatalogue(spec: PlatformSpec): void {
  const errors: string[] = [];
  if (!NAME.test(spec.name)) errors.push(`the platform's name "${spec.name}": ${NAME_RULE}`);
  const ids = new Map<string, string>();
  for (const [id] of applicationsOf(spec)) {
    if (!NAME.test(id)) errors.push(`the service "${id}": ${NAME_RULE}`);
    if (RESERVED.includes(id)) {
      errors.push(
        `the service "${id}" has the name of one of the platform's own objects\n  call it otherwise`,
      );
    }
    const address = id.replaceAll('-', '_');
    const other = ids.get(address);
    if (other)
      errors.push(`the services "${other}" and "${id}" look alike in Terraform\n  rename one of them`);
    ids.set(address, id);
  }
  const routes = new Map<string, string>();
  for (const { path, service } of spec.nginx.routes) {
    const first = routes.get(path);
    if (first !== undefined) {
      errors.push(
        `two services on one route: ${path} leads to ${first} and to ${service}\n  remove one of the two`,
      );
    }
    routes.set(path, service);
  }
  const names = [...Object.keys(spec.secrets), ...Object.keys(spec.variables)];
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  for (const name of twice) {
    errors.push(
      `"${name}" is both a secret and a variable, and both would be TF_VAR_${name}\n  rename one of them`,
    );
  }
  for (const [id, application] of applicationsOf(spec)) {
    const set = [application.settings, application.secrets, application.variables, application.urls].flatMap(
      (part) => Object.keys(part ?? {}),
    );
    for (const name of new Set(set.filter((entry, index) => set.indexOf(entry) !== index))) {
      errors.push(`${id} sets ${name} twice\n  keep it in one of settings, secrets, variables and urls`);
    }
  }
  if (errors.length > 0) throw new Error(errors.join('\n'));
}

const NAME_RULE = 'lower-case letters, digits and -, a letter first, 40 characters at most\n  rename it';
