import type { Lab } from '../../lab/cluster/infrastructure';
import { ask } from '../../lab/deploy/requests';
import { sleep } from '../../lab/ground/shell';
import type { Report, ScenarioWatch } from '../runner/scenario';

/** How often a token was shown, and how often it was refused with 401. */
export interface Shown {
  readonly asked: number;
  readonly refused: number;
}

/** What clients with tokens saw. */
export interface TokenReport {
  /** Tokens from before the rotation, until its deploys ended, and afterwards. */
  readonly held: Shown;
  readonly heldAfter: Shown;
  /** Tokens made meanwhile and shown at once. */
  readonly fresh: Shown;
  /** Any other answer than 200 and 401. */
  readonly failed: readonly string[];
}

interface Answer {
  readonly at: number;
  readonly kind: 'held' | 'fresh';
  readonly refused: boolean;
}

const PAUSE_SECONDS = 0.3;

/** Whether a token may be refused. */
export type Refusals = 'none' | 'measured';

/** Clients with tokens, from addresses apart from the load's: nginx limits each. */
export const tokens =
  (refusals: Refusals): ScenarioWatch =>
  ({ bench, apart }) => {
    const clients = new TokenClients(bench.lab, apart);
    return {
      start: () => clients.start(),
      stop: () => clients.leave(),
      report: (_, workEnded) => reportTokens(clients.seen(workEnded), refusals),
    };
  };

/** The column of the table that tokens fill. */
export const TOKENS_REFUSED = 'tokens refused';

export function reportTokens({ held, heldAfter, fresh, failed }: TokenReport, refusals: Refusals): Report {
  const wrong = failed.map((line) => `a client with a token: ${line}`);
  if (held.asked === 0 || fresh.asked === 0) wrong.push('no token was shown: nothing was measured');
  const refused = held.refused + heldAfter.refused + fresh.refused;
  if (refusals === 'none' && refused > 0) wrong.push(`${refused} tokens were refused, none may`);
  if (refusals === 'measured' && heldAfter.refused < heldAfter.asked) {
    wrong.push('an older token is still good, although the key was replaced');
  }
  const of = (shown: Shown) => `${shown.refused} of ${shown.asked}`;
  const cell = `old ${of(held)}, then ${of(heldAfter)}; new ${of(fresh)}`;
  return { wrong, cells: { [TOKENS_REFUSED]: cell } };
}

/** Clients of userservice that keep a token, and others that get a new one again and again, until they are told to leave. */
class TokenClients {
  private readonly answers: Answer[] = [];
  private readonly failed: string[] = [];
  private leaving = false;
  private work: Promise<void>[] = [];

  constructor(
    private readonly lab: Lab,
    private readonly from: readonly string[],
  ) {}

  /** Resolves once everybody who keeps one has a token. */
  async start(): Promise<void> {
    const clients = await Promise.all(
      this.from.map(async (address, index) => ({
        address,
        token: index % 2 === 0 ? await this.newToken(address) : undefined,
      })),
    );
    this.work = clients.map(({ address, token }) => this.act(address, token));
  }

  async leave(): Promise<void> {
    this.leaving = true;
    await Promise.all(this.work);
  }

  /** @param end when the last deploy was over, in milliseconds since 1970 */
  seen(end: number): TokenReport {
    const shown = (wanted: (answer: Answer) => boolean): Shown => {
      const some = this.answers.filter(wanted);
      return { asked: some.length, refused: some.filter(({ refused }) => refused).length };
    };
    return {
      held: shown(({ kind, at }) => kind === 'held' && at <= end),
      heldAfter: shown(({ kind, at }) => kind === 'held' && at > end),
      fresh: shown(({ kind }) => kind === 'fresh'),
      failed: this.failed,
    };
  }

  private async act(address: string, held: string | undefined): Promise<void> {
    while (!this.leaving) {
      try {
        const token = held ?? (await this.newToken(address));
        // Twice: whoever made it is one of two tasks.
        for (let time = 0; time < 2; time++) await this.show(address, token, held ? 'held' : 'fresh');
      } catch (error) {
        this.failed.push(`${new Date().toISOString().slice(11, 23)} ${(error as Error).message}`);
      }
      await sleep(PAUSE_SECONDS);
    }
  }

  private async newToken(address: string): Promise<string> {
    const { status, body } = await ask(this.lab, '/users/token', { method: 'POST', from: address });
    if (status !== 201) throw new Error(`status ${status} for a new token`);
    return (JSON.parse(body) as { token: string }).token;
  }

  private async show(address: string, token: string, kind: Answer['kind']): Promise<void> {
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await ask(this.lab, '/users/me', { from: address, headers });
    if (status !== 200 && status !== 401) throw new Error(`status ${status} for a ${kind} token`);
    this.answers.push({ at: Date.now(), kind, refused: status === 401 });
  }
}
