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
  /** Connections that it tried to open, those that the other side ended, and the most that it had at a time. */
  readonly tried: number;
  readonly ended: number;
  readonly held: number;
}

/** One attacker, with one address. Bounded: it opens so many in a second, and ends with what it has when it is stopped. */
export class Attacker {
  private readonly sockets = new Set<Socket>();
  private timers: NodeJS.Timeout[] = [];
  private tried = 0;
  private ended = 0;
  private held = 0;

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
    for (const socket of this.sockets) socket.destroy();
    return { tried: this.tried, ended: this.ended, held: this.held };
  }

  private open(): void {
    const { tls = true, opening, deaf = false, hangsUp = false } = this.attack;
    const { address, port, from } = this.target;
    this.tried++;
    const at = { host: address, port, localAddress: from };
    const socket = tls
      ? connectTls({ ...at, servername: 'localhost', rejectUnauthorized: false } as ConnectionOptions)
      : connectTcp(at);
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      if (this.sockets.delete(socket) && this.timers.length > 0 && !hangsUp) this.ended++;
    });
    if (deaf) socket.pause();
    else socket.resume();
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      if (hangsUp) socket.destroy();
      else if (opening) socket.write(opening);
    });
  }
}
