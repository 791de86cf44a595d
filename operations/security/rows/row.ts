import { type Facts, shortName, type Task } from './facts';

/** What was found of one recommendation. */
export interface Found {
  /** In one line. */
  readonly text: string;
  /** What is not as it should be, one part for each service or object. Empty: all is. */
  readonly not?: readonly Part[];
  /** Nobody can say it from here. */
  readonly unknown?: true;
  readonly fix?: string;
}

export interface Part {
  /** A service of the catalogue, or an object's name. */
  readonly of: string;
  readonly text: string;
}

/** One recommendation that a running server can be asked for; docs/security.md says whose it is. */
export interface Row {
  /** As in docs/security.md and `--accept`. */
  readonly name: string;
  find(facts: Facts): Found;
}

/** Of each task, what is not as it should be: undefined where all is, null where it cannot be said. */
type Check = (task: Task, facts: Facts) => string | undefined | null;

/** A row that looks at one task at a time. */
export const taskRow = (name: string, good: string, fix: string, check: Check): Row => ({
  name,
  find: (facts) => {
    const checked = facts.tasks.map((task) => ({ of: task.service, text: check(task, facts) }));
    const not = once(checked.filter((one): one is Part => typeof one.text === 'string'));
    if (not.length > 0) return { text: partsInWords(not), not, fix };
    if (facts.tasks.length === 0) return { unknown: true, text: 'no task runs on this node' };
    const silent = [...new Set(checked.filter(({ text }) => text === null).map(({ of }) => of))];
    const unknown = [
      ...(silent.length > 0 ? [`${silent.join(', ')} could not be asked`] : []),
      ...(facts.elsewhere.length > 0 ? [`tasks of ${facts.elsewhere.join(', ')} run on other nodes`] : []),
    ];
    return unknown.length > 0 ? { unknown: true, text: unknown.join('; ') } : { text: good };
  },
});

/** Several tasks of a service say the same. */
const once = (parts: readonly Part[]): Part[] =>
  parts.filter((part, at) => parts.findIndex(({ of, text }) => of === part.of && text === part.text) === at);

/** `a, b: why`, for each reason once. */
export function partsInWords(parts: readonly Part[]): string {
  const reasons = [...new Set(parts.map(({ text }) => text))];
  return reasons
    .map((reason) => {
      const of = parts.filter(({ text }) => text === reason).map((part) => part.of);
      return `${of.join(', ')}: ${reason}`;
    })
    .join('; ');
}

/** A task's specification, which says what was asked for. */
export const specOf = ({ service }: Task, facts: Facts) =>
  facts.services.find(({ Spec }) => shortName(facts, Spec.Name) === service)?.Spec.TaskTemplate.ContainerSpec;
