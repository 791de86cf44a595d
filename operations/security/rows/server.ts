import type { Service } from '../../docker/answers';
import { type Facts, shortName } from './facts';
import { type Part, partsInWords, type Row } from './row';

/** Parts, or that there are none. */
const found = (not: readonly Part[], good: string, fix: string) =>
  not.length > 0 ? { text: partsInWords(not), not, fix } : { text: good };

/** Who publishes a port of the node. */
const publishing = (facts: Facts) =>
  facts.services.flatMap(({ Spec }) =>
    (Spec.EndpointSpec?.Ports ?? []).map(({ PublishedPort }) => ({
      of: shortName(facts, Spec.Name),
      port: PublishedPort,
    })),
  );

/** The engine, the Swarm, its networks. */
export const SERVER: readonly Row[] = [
  {
    name: 'published-ports',
    find: (facts) => {
      const others = publishing(facts).filter(({ of }) => !INGRESS.includes(of));
      return found(
        others.map(({ of, port }) => ({ of, text: `it publishes ${port}` })),
        'nginx or the edge alone publish ports',
        'remove the port: services reach each other by name, people through nginx or an ssh tunnel',
      );
    },
  },
  {
    name: 'engine-ports',
    find: ({ open }) => {
      if (open === 'no outside') return { unknown: true, text: 'this machine is not outside of the server' };
      if ('nameOfSsh' in open) {
        return { unknown: true, text: `only ssh knows the name ${open.nameOfSsh} here` };
      }
      return found(
        open.map((port) => ({ of: `${port}/tcp`, text: 'it answers here, and so maybe everybody' })),
        "neither the engine's nor the Swarm's TCP ports answer here",
        'host: {} in services.config.ts has a firewall (docs/vps.md), or use your provider’s',
      );
    },
  },
  {
    name: 'separate-networks',
    find: (facts) => {
      const networksOf = ({ Spec }: Service) =>
        (Spec.TaskTemplate.Networks ?? []).map(({ Target }) => Target);
      const nameOf = ({ Spec }: Service) => shortName(facts, Spec.Name);
      const front = new Set(
        facts.services.filter((one) => INGRESS.includes(nameOf(one))).flatMap(networksOf),
      );
      const backends = facts.services.filter((one) => facts.backends.includes(nameOf(one)));
      if (backends.length === 0)
        return { unknown: true, text: 'no backend of the catalogue is in this stack' };
      const reached = backends.filter((one) => networksOf(one).some((network) => front.has(network)));
      return found(
        reached.map((one) => ({ of: nameOf(one), text: 'nginx can reach it' })),
        'nginx and the edge reach no backend',
        'networks: { separate: true } for a new platform; what it costs later: docs/security.md',
      );
    },
  },
  {
    name: 'encrypted-networks',
    find: ({ networks, nodes }) => {
      if (nodes.length === 1) return { text: 'one node: nothing goes over a wire' };
      const open = networks.filter(
        ({ Driver, Options }) => Driver === 'overlay' && Options?.encrypted === undefined,
      );
      return found(
        open.map(({ Name }) => ({ of: Name, text: 'what goes between nodes is not encrypted' })),
        'what goes between nodes is encrypted',
        'networks: { encrypted: true }; what it costs later: docs/security.md',
      );
    },
  },
  {
    name: 'user-namespaces',
    find: ({ info }) =>
      found(
        info.SecurityOptions?.some((option) => /^name=(userns|rootless)/.test(option))
          ? []
          : [{ of: info.Name, text: "root of a container is the node's root, without its capabilities" }],
        'root of a container is nobody on the node',
        'docs/security.md, "Not met"',
      ),
  },
  {
    name: 'autolock',
    find: ({ info }) =>
      found(
        info.Swarm?.Cluster?.Spec?.EncryptionConfig?.AutoLockManagers
          ? []
          : [{ of: info.Name, text: "who has the disk has the Swarm's secrets" }],
        "the Swarm's secrets are encrypted on the disk, and it waits for a person after each start",
        'docs/security.md, "Not met"',
      ),
  },
];

const INGRESS = ['edge', 'nginx', 'certbot'];
