import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Attack } from './attacks';

const TICKS_PER_SECOND = 10;
const MORE_SECONDS = 4;

export interface Targeted {
  readonly address: string;
  readonly port: number;
  readonly from: string;
}

export interface Toll {
  /** Connections that it tried to open, those that came to be, those that the other side ended. */
  readonly tried: number;
  readonly opened: number;
  readonly ended: number;
  /** The most that it had at a time, and what it has now. */
  readonly held: number;
  readonly left: number;
  /** How many connections had this as their first answer. */
  readonly statuses: Readonly<Record<number, number>>;
}

/** One attacker, with one address. Bounded: it opens so many in a second, and ends with what it has when it is stopped. */
export class Attacker {
  private readonly sockets = new Set<Socket>();
  private timers: NodeJS.Timeout[] = [];
  private tried = 0;
  private opened = 0;
  private ended = 0;
  private held = 0;
  private readonly statuses: Record<number, number> = {};

  constructor(
    private readonly attack: Attack,
    private readonly target: Targeted,
  ) {}

  start(): void {
    const { perSecond, most, more } = this.attack;
    let due = 0;
    this.timers = [
      setInterval(() => {
        due += perSecond / TICKS_PER_SECOND;
        for (; due >= 1; due--) if (this.sockets.size < most) this.open();
        this.held = Math.max(this.held, this.sockets.size);
      }, 1000 / TICKS_PER_SECOND),
    ];
    if (more)
      this.timers.push(
        setInterval(() => {
          for (const socket of this.sockets) if (socket.writableLength === 0) socket.write(more);
        }, MORE_SECONDS * 1000),
      );
  }

  stop(): Toll {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    const toll = this.toll();
    for (const socket of this.sockets) socket.destroy();
    return toll;
  }

  /** Until now. */
  toll(): Toll {
    const { tried, opened, ended, held, statuses } = this;
    return { tried, opened, ended, held, left: this.sockets.size, statuses };
  }

  private open(): void {
    const { tls = true, alpn, opening, deaf = false, hangsUp = false } = this.attack;
    const { address, port, from } = this.target;
    this.tried++;
    const at = { host: address, port, localAddress: from };
    const socket = tls
      ? connectTls({
          ...at,
          servername: 'localhost',
          rejectUnauthorized: false,
          ...(alpn ? { ALPNProtocols: [alpn] } : {}),
        } as ConnectionOptions)
      : connectTcp(at);
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      if (this.sockets.delete(socket) && this.timers.length > 0 && !hangsUp) this.ended++;
    });
    if (deaf) socket.pause();
    else socket.once('data', (data) => this.answered(String(data))).resume();
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      this.opened++;
      if (hangsUp) socket.destroy();
      else if (opening) socket.write(opening);
    });
  }

  private answered(text: string): void {
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);
    if (status) this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }
}
