import type { Step, SwarmService } from '../swarm';
import { publicEndpoint } from './certificates';
import { rolloutGate } from './gate';
import type { Site } from './site';

/** A gate for each service, in the order in which they are deployed. */
export class Gates {
  private readonly steps: Step[] = [];

  constructor(private readonly site: Site) {}

  get all(): readonly Step[] {
    return this.steps;
  }

  /** The gates of one wave. What comes after the wave waits for them. */
  follow(services: readonly SwarmService[]): Step[] {
    return services.map((service) => this.add(service));
  }

  private add(service: SwarmService): Step {
    const { stack, scripts, environment } = this.site;
    const index = this.steps.length + 1;
    const showsCertificate = service.props.ingress || service.node.id === 'certbot';
    const step = rolloutGate(stack, {
      script: scripts.rollout,
      service,
      // Counted when all are there.
      position: () => ({ index, total: this.steps.length }),
      certificate: showsCertificate ? publicEndpoint(environment, stack.connection.host) : undefined,
      observe: environment.spec.observe,
    });
    this.steps.push(step);
    return step;
  }
}
