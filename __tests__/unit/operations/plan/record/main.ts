import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../../../support/platform/catalogue';
import { reduce, write } from './reduce';
import { SCENARIOS, type Scenario } from './scenarios';
import { Project } from './terraform';

/**
 * Makes the fixtures again: real plans of the real provider against a real Swarm.
 *
 *   PLAN_ENGINE=unix:///… node build/run.mjs __tests__/unit/operations/plan/record/main.ts [name …]
 *
 * Needs Terraform's providers where `terraform init` finds them, and an engine that manages a Swarm and may be emptied.
 */
const FIXTURES = join('__tests__', 'unit', 'operations', 'plan', 'fixtures');
const host = process.env.PLAN_ENGINE ?? '';
const names = process.argv.slice(2);
const wanted = Object.entries(SCENARIOS).filter(([name]) => names.length === 0 || names.includes(name));

function main(): void {
  if (!host)
    throw new Error('PLAN_ENGINE is not set\n  name an engine of a Swarm that may be emptied: unix:///…');
  const services = execFileSync('docker', ['-H', host, 'service', 'ls', '-q'], { encoding: 'utf8' });
  if (services.trim()) throw new Error(`services run on ${host}\n  take an engine that holds nothing`);
  // No image of these is there: tasks that are tried fail, and Swarm would roll back what a scenario has just done.
  execFileSync('docker', ['-H', host, 'node', 'update', '--availability', 'drain', nodeId()]);
  mkdirSync(FIXTURES, { recursive: true });
  const project = new Project(host);
  try {
    // Where nothing happens in between, one apply serves them all.
    const simple = ({ before, failed, meanwhile, first }: Scenario) =>
      !before && !failed && !meanwhile && !first;
    for (const [name, scenario] of wanted.filter(([, scenario]) => simple(scenario))) {
      if (!project.applied) project.apply({ spec: catalogue });
      attempt(name, () => record(project, name, scenario));
    }
    for (const [name, scenario] of wanted.filter(([, scenario]) => !simple(scenario))) {
      attempt(name, () => {
        project.reset();
        if (!scenario.first) project.apply({ spec: catalogue, ...scenario.before });
        if (scenario.failed) project.applyInVain({ spec: catalogue, ...scenario.failed });
        scenario.meanwhile?.(project);
        record(project, name, scenario);
      });
    }
  } finally {
    project.remove();
  }
}

const nodeId = (): string =>
  execFileSync('docker', ['-H', host, 'info', '--format', '{{.Swarm.NodeID}}'], { encoding: 'utf8' }).trim();

/** One that fails does not keep the others from being made. */
function attempt(name: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${name}: ${(error as Error).message}\n`);
  }
}

function record(project: Project, name: string, { planned }: Scenario): void {
  const plan = project.plan({ spec: catalogue, ...planned });
  writeFileSync(join(FIXTURES, `${name}.json`), write(reduce(plan)));
  process.stdout.write(`${name}\n`);
}

main();
