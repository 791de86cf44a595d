import { randomUUID } from 'node:crypto';
import { ask } from '../../../lab/deploy/requests';
import { eventually } from '../../../lab/ground/shell';
import type { Watch } from '../../../proof/load/under-load';
import { runningLab } from '../../e2e/support/lab';
import { sql } from './swarm';

/** Below the 10 per second that nginx allows one address. */
const ROWS_PER_SECOND = 5;
/** A server that does not answer is not asked without end. */
const AT_ONCE = 60;

export interface Kept {
  readonly acknowledged: number;
  /** Of them, rows that the database does not have. */
  readonly lost: number;
  /** Of them, those whose message did not arrive at notification, which keeps each that it receives. */
  readonly lostMessages: number;
}

/** Sends rows to an application, a few each second, and remembers which of them it said it has. */
export class Ledger implements Watch<Kept> {
  private readonly run = randomUUID();
  private readonly acknowledged = new Set<string>();
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private sent = 0;
  /** As it is now: there may be none while a fault lasts. */
  private readonly lab = runningLab();

  start(): void {
    this.timer = setInterval(() => this.next(), 1000 / ROWS_PER_SECOND);
  }

  /** Sends no more and waits for the answers. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
  }

  async report(): Promise<Kept> {
    const lost = await this.missing('proctorwise_corrections', 'row');
    const messages = () => this.missing('proctorwise_notifications', 'message');
    // Messages are on their way for a moment.
    await eventually(30, async () => (await messages()).length === 0);
    const lostMessages = await messages();
    return {
      acknowledged: this.acknowledged.size,
      lost: lost.length,
      lostMessages: lostMessages.length,
    };
  }

  /** Acknowledged rows of which there is nothing. */
  private async missing(database: string, kind: string): Promise<string[]> {
    const found = await sql(
      database,
      `SELECT JSON_VALUE(content, '$.mark') FROM records WHERE kind = '${kind}' AND content LIKE '%${this.run}%'`,
    );
    const there = new Set(found.split('\n'));
    return [...this.acknowledged].filter((mark) => !there.has(mark));
  }

  private next(): void {
    if (this.underWay.size >= AT_ONCE) return;
    const mark = `${this.run}/${this.sent++}`;
    const work = this.send(mark).finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  private async send(mark: string): Promise<void> {
    const answer = await ask(this.lab, '/corrections', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mark, email: 'candidate@example.org' }),
      from: this.lab.clients[2]!,
    }).catch(() => undefined);
    if (answer?.status === 201) this.acknowledged.add(mark);
  }
}
