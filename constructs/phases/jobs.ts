import { jobService } from '../application/job-service';
import { readAsset } from '../assets/read-asset';
import {
  type Application,
  grantsOf,
  jobsOf,
  type NamedJob,
  secretMountsOf,
  secretUrlsOf,
  settingsOf,
} from '../catalogue/applications';
import { variablesOf } from '../catalogue/task-variables';
import { type IConstruct, literal, type Resources, type SwarmConfig, type SwarmService } from '../swarm';
import { Cpu, Duration, Memory } from '../units';
import { parseCron } from '../units/schedule/cron';
import { posixZone } from '../units/schedule/time-zone';
import type { Gates } from './gates';
import type { Site } from './site';

const TIMEOUT = Duration.hours(1);
/** What is kept free for a job, which hardly ever does anything. */
export const WAITING: Resources = { cpus: Cpu.cores(0.02), memory: Memory.mebibytes(16) };

/** The jobs that wait for their times, after all else: one that does not come up keeps nobody from being served. */
export function jobPhase(site: Site, gates: Gates, after: readonly IConstruct[]): SwarmService[] {
  const services = jobsOf(site.spec).map((job) => declare(site, job, after));
  gates.follow(services);
  return services;
}

function declare(site: Site, [id, job]: NamedJob, after: readonly IConstruct[]): SwarmService {
  const { spec, stack, environment, secrets } = site;
  const services: Readonly<Record<string, Application>> = spec.services;
  const of = job.service === undefined ? undefined : services[job.service];
  const named = of && ([job.service!, of] as const);
  const limits = job.limits ?? environment.limits(job.service!, of!.limits);
  const own = { settings: job.settings, secrets: job.secrets, variables: job.variables };
  const plain = { command: job.command, port: 0, replicas: 1, image: job.image ?? '', limits, ...own };
  const asOf = named ?? ([id, plain as Application] as const);
  // The launcher would let the job's settings win over its service's URLs and secrets, which it sets after them, and over its
  // environment.
  const taken = [
    ...variablesOf(asOf[1], grantsOf(asOf, spec)).map(({ name }) => name),
    ...Object.keys(of?.environment ?? {}),
  ];
  const more = Object.entries(job.settings ?? {}).filter(([name]) => !taken.includes(name));
  return jobService(
    stack,
    id,
    {
      image: of ? environment.image(job.service!, of.image, true) : environment.image(id, job.image!, false),
      limits,
      reservations: WAITING,
      network: site.network,
      otherNetworks: site.backNetwork === site.network ? [] : [site.backNetwork],
      launcher: site.launcher,
      // Its service's, which is there already.
      ca: of && (stack.node.tryFindChild(`${job.service}_ca`) as SwarmConfig | undefined),
      settings: [
        ...settingsOf(asOf, spec),
        ...more.map(([name, value]) => ({ name, value: literal(value) })),
      ],
      urls: secretUrlsOf(asOf, spec),
      secrets: secretMountsOf(asOf, spec, secrets),
      awaited: [],
      sharedVolumes: of?.sharedVolumes ?? [],
      environment: of?.environment,
      placement: job.placement ?? of?.placement,
      tmpfs: of?.tmpfs,
      user: job.user ?? of?.user,
      capDrop: of?.capDrop ?? ['ALL'],
      capAdd: job.capAdd ?? of?.capAdd,
      readOnlyRoot: of?.readOnlyRoot,
      acknowledge: { ...of?.acknowledge, ...job.acknowledge },
    },
    {
      times: parseCron(job.schedule),
      zone: posixZone(job.timeZone ?? 'UTC'),
      timeout: job.timeout ?? TIMEOUT,
      overlap: job.overlap ?? 'skip',
      retries: job.retries ?? 0,
      command: job.command,
      script: readAsset('job.sh'),
    },
    after,
  );
}
