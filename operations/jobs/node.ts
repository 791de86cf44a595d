import type { Task } from '../docker/answers';
import type { Docker } from '../docker/client';

/** A program that ends sooner costs no look at all. Swarm calls a node down some 15 s after it has last heard of it. */
const LOOK_SECONDS = 30;

/**
 * The node of a job's task. Swarm does not look at nodes for a job: where one is lost its tasks stay as they were last told,
 * for a day (swarmkit, manager/orchestrator/jobs and manager/dispatcher).
 */
export class TaskNode {
  private looked: number | undefined;
  private wasDown = false;

  /** @param now in milliseconds */
  constructor(
    private readonly docker: Pick<Docker, 'node'>,
    private readonly now: () => number,
  ) {}

  /**
   * Whether it is down, and was half a minute ago: one that is cut off for a moment goes on with its tasks. To be called
   * again and again; it asks now and then.
   */
  async isLost({ NodeID }: Pick<Task, 'NodeID'>): Promise<boolean> {
    if (!NodeID) return false;
    this.looked ??= this.now();
    if (this.now() - this.looked < LOOK_SECONDS * 1000) return false;
    this.looked = this.now();
    const down = await this.isDown(NodeID);
    const lost = this.wasDown && down === true;
    this.wasDown = down ?? this.wasDown;
    return lost;
  }

  /** @returns undefined where nobody says it */
  private async isDown(id: string): Promise<boolean | undefined> {
    try {
      return (await this.docker.node(id)).Status.State === 'down';
    } catch (error) {
      // Taken out of the Swarm, which keeps its tasks as well.
      return (error as { statusCode?: number }).statusCode === 404 ? true : undefined;
    }
  }
}
