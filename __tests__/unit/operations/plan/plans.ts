import type { ObjectChange, ReadablePlan, ServiceChange } from '../../../../operations/plan/changes/model';
import { judgeNeeds } from '../../../../operations/policy/acknowledgements';
import type { Need } from '../../../../operations/policy/need';

/** An application that rolls. */
export const rolling = (service = 'web', more: Partial<ServiceChange> = {}): ServiceChange => ({
  service,
  action: 'update',
  what: `${service}:v1 → ${service}:v2`,
  how: 'rolling, start-first',
  image: { from: `${service}:v1`, to: `${service}:v2` },
  restarts: true,
  downtime: false,
  downtimeSeconds: 0,
  seconds: 26,
  drift: [],
  volumes: [],
  risks: [],
  notes: [],
  ...more,
});

export const restarting = (service = 'edge', more: Partial<ServiceChange> = {}): ServiceChange =>
  rolling(service, { how: 'restarts', downtime: true, downtimeSeconds: 1, seconds: 1, ...more });

export const plan = (more: Partial<ReadablePlan> = {}): ReadablePlan => ({
  services: [rolling()],
  objects: [],
  others: [],
  steps: 1,
  provisioning: [],
  certificates: [],
  acknowledgedRules: [],
  needs: [],
  refusals: [],
  totals: { rolled: 1, restarted: 0, inPlace: 0, created: 0, replaced: 0, removed: 0, seconds: 56 },
  ...more,
});

export const need = (name: string): Need => ({ name, why: 'DOWNTIME about 1 s' });

export const object = (more: Partial<ObjectChange> = {}): ObjectChange => ({
  kind: 'secret',
  name: 'db_password',
  action: 'replace',
  what: 'rotated',
  risk: false,
  ...more,
});

export const verdictOf = (of: ReadablePlan, ...acknowledged: string[]) => judgeNeeds(of, acknowledged);
