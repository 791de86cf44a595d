import type { PlatformSpec } from './spec/platform';
import type { RouteSpec } from './spec/route';

/** What routes say against each other and against themselves; what nginx would not understand is nginx.conf's to refuse. */
export function routeErrors({ nginx: { routes } }: PlatformSpec): string[] {
  const services = new Map<string, string>();
  return routes.flatMap((route) => {
    const { path, exact, service } = route;
    const match = `${exact ? '= ' : ''}${path}`;
    const first = services.get(match);
    services.set(match, service);
    return [
      ...(first === undefined
        ? []
        : [
            `two services on one route: ${path} leads to ${first} and to ${service}\n  remove one of the two`,
          ]),
      ...contradictions(route),
    ];
  });
}

function contradictions({ path, rate, burst, key }: RouteSpec<string>): string[] {
  const says = (one: string, other: string) => [
    `the route ${path} says ${one}, which is no limit, and ${other}\n  leave one of the two out`,
  ];
  const no = rate === false ? 'rate: false' : burst === false ? 'burst: false' : undefined;
  if (no === undefined) return [];
  if (typeof burst === 'number') return says(no, `burst: ${burst}`);
  if (typeof rate === 'number') return says(no, `rate: ${rate}`);
  return key === undefined ? [] : says(no, 'key');
}
