import { PORTS } from '../../lab/deploy/target';
import { RefusedCounter, refusedInWords } from '../../operations/status/refused';
import { formatSize } from '../../operations/terminal/quantities';
import { Attacker, type Toll } from '../attack/attacker';
import type { Attack } from '../attack/attacks';
import type { Bench } from '../platform/bench';
import type { Report, ScenarioWatch } from '../runner/scenario';

/** 16 large bodies of 50 MB and 300 small ones. */
const MOST_DISK = 1_200_000_000;

/** An attack from an address that no client has, and what it does to edge and nginx. */
export const attacked =
  (attack: Attack, isControl = false): ScenarioWatch =>
  ({ bench, apart }) => {
    const port = attack.tls === false ? PORTS.http : bench.endpoint.port;
    const attacker = new Attacker(attack, { address: bench.endpoint.address, port, from: apart[0]! });
    let begun = 0;
    let doors: readonly Door[] = [];
    let toll: Toll | undefined;
    return {
      start: () => {
        begun = Math.floor(Date.now() / 1000);
        attacker.start();
      },
      stop: async () => {
        if (toll) return;
        // While all of it is there.
        if (begun > 0) doors = await look(bench);
        toll = attacker.stop();
      },
      report: async () => {
        const counter = new RefusedCounter();
        for (const name of DOORS)
          counter.add(
            await bench.docker(['service', 'logs', '--raw', '--since', String(begun), `proctorwise_${name}`]),
          );
        return reportOf(toll!, doors, counter, isControl);
      },
    };
  };

const DOORS = ['edge', 'nginx'] as const;

interface Door {
  readonly name: (typeof DOORS)[number];
  readonly memory: string;
  readonly disk: number;
}

async function look(bench: Bench): Promise<readonly Door[]> {
  const found: Door[] = [];
  for (const name of DOORS) {
    const label = `label=com.docker.swarm.service.name=proctorwise_${name}`;
    const [id = ''] = (await bench.docker(['ps', '--quiet', '--filter', label])).split('\n');
    if (!id) continue;
    const memory = await bench.docker(['stats', '--no-stream', '--format', '{{.MemUsage}}', id]);
    const used = name === 'nginx' ? await bench.docker(['exec', id, 'du', '-sk', '/var/cache/nginx']) : '0';
    found.push({ name, memory: memory.trim(), disk: Number(used.split(/\s/)[0]) * 1024 });
  }
  return found;
}

/** What is wrong with it, and its numbers. */
export function reportOf(
  toll: Toll,
  doors: readonly Door[],
  counter: RefusedCounter,
  isControl: boolean,
): Report {
  const refused = counter.result();
  const disk = doors.reduce((sum, door) => sum + door.disk, 0);
  const wrong = [
    ...(refused.workers > 0 ? [`${refused.workers} workers were killed`] : []),
    ...(disk > MOST_DISK ? [`${formatSize(disk)} of the disk were taken`] : []),
    ...(toll.tried === 0 ? ['nobody attacked'] : []),
  ];
  const memory = doors.map((door) => `${door.name} ${door.memory}`).join(', ');
  return {
    wrong: isControl ? [] : wrong,
    details: [
      `attacker: ${toll.tried} connections tried, ${toll.held} held, ${toll.ended} ended by the platform`,
      `refused: ${refusedInWords(refused) || 'nothing'}`,
      `memory: ${memory}; disk: ${formatSize(disk)}`,
      ...(isControl ? wrong : []),
    ],
    cells: {
      held: String(toll.held),
      memory: doors.map((door) => door.memory.split(' / ')[0]).join(', '),
      disk: formatSize(disk),
    },
  };
}
