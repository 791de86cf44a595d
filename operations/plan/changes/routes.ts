import { type PlanDocument, priorOf } from '../../terraform/document';
import { containerOf } from './service-view';

/**
 * Which services are reached by a route of the configuration that runs now, and through whom: `mailer` → `nginx`. Read
 * from the configs that services mount at the moment of the plan, not from the catalogue: a rollback brings an older
 * one back.
 */
export function runningRoutes(document: PlanDocument): Map<string, string> {
  const contents = new Map(
    priorOf(document, 'docker_config').map(({ values }) => [
      values.id,
      Buffer.from(String(values.data ?? ''), 'base64').toString('utf8'),
    ]),
  );
  const routes = new Map<string, string>();
  for (const { name, values } of priorOf(document, 'docker_service')) {
    for (const { config_id } of containerOf(values)?.configs ?? []) {
      for (const [, service] of (contents.get(config_id) ?? '').matchAll(/\btasks\.([a-z0-9-]+)/g)) {
        if (service !== name) routes.set(service!, name);
      }
    }
  }
  return routes;
}
