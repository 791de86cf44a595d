import { randomUUID } from 'node:crypto';
import { ask } from '../../../lab/deploy/requests';
import { runningLab } from '../../e2e/support/lab';
import { sql } from './swarm';

/** Below the 10 per second that nginx allows one address. */
const ROWS_PER_SECOND = 5;
/** A server that does not answer is not asked without end. */
const AT_ONCE = 60;

/** Sends rows to an application, a few each second, and remembers which of them it said it has. */
export class Ledger {
  private readonly run = randomUUID();
  private readonly acknowledged = new Set<string>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;
  private sent = 0;
  /** As it is now: there may be none while a fault lasts. */
  private readonly lab = runningLab();

  constructor() {
    this.timer = setInterval(() => this.next(), 1000 / ROWS_PER_SECOND);
  }

  /** Sends no more and waits for the answers. @returns how many were acknowledged */
  async stop(): Promise<number> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
    return this.acknowledged.size;
  }

  /** Acknowledged rows that the database does not have. */
  async lostRows(): Promise<string[]> {
    return this.missing('proctorwise_corrections', 'row');
  }

  /** Acknowledged rows whose message did not arrive at notification, which keeps each that it receives. */
  async lostMessages(): Promise<string[]> {
    return this.missing('proctorwise_notifications', 'message');
  }

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
