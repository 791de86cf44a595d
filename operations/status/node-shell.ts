import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { explain } from '../docker/explain';
import { loginArguments, parseDockerHost } from '../docker/host';
import { TRIED_FOR_MS } from '../docker/reach/again';
import { isDroppedAtTheDoor } from '../docker/reach/words';
import { CarrierEnded, StdioSocket } from '../docker/stdio-socket';

/** What a machine says about itself. */
export interface NodeFigures {
  /** Load averages of 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number];
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number };
  /** The file system of Docker's data; the fullest, where there are several. */
  readonly disk: { readonly path: string; readonly totalBytes: number; readonly freeBytes: number };
}

/** Reads a folder's name from standard input, answers, and again; ends with the connection. */
const SCRIPT =
  'while read -r d; do cat /proc/loadavg; grep -E "^Mem(Total|Available):" /proc/meminfo; df -kP "$d"; echo end; done';
const PATIENCE_MS = 5_000;
const END = '\nend\n';

/** @returns undefined when it is not the answer of that script: sshd may allow no shell, only `docker system dial-stdio` */
export function parseFigures(text: string, path: string): NodeFigures | undefined {
  const load = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) /m.exec(text);
  const memory = (name: string) =>
    Number(new RegExp(`^Mem${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
  const disk = /\s(\d+)\s+\d+\s+(\d+)\s+\d+%\s/.exec(text);
  const [totalBytes, availableBytes] = [memory('Total'), memory('Available')];
  if (!load || !disk || Number.isNaN(totalBytes + availableBytes)) return undefined;
  return {
    load: [Number(load[1]), Number(load[2]), Number(load[3])],
    memory: { totalBytes, availableBytes },
    disk: { path, totalBytes: Number(disk[1]) * 1024, freeBytes: Number(disk[2]) * 1024 },
  };
}

const freeShare = ({ disk }: NodeFigures) => disk.freeBytes / disk.totalBytes;

/** A shell on the server of the daemon, opened at the first question and kept, so that a watch logs in once. */
export class NodeShell {
  private socket: StdioSocket | undefined;
  private answered = false;
  /** No shell there, which does not change while we run. */
  private refused = false;

  constructor(private readonly target: { readonly host: string; readonly sshOptions: readonly string[] }) {}

  /**
   * @param name the daemon's host name: a local socket may lead to another machine
   * @param paths folders, of whose disks the fullest is told; the first must be there
   * @returns undefined when there is no way to know
   * @throws ConnectionError where sshd had no room for the login: the next question tries again
   */
  async figures(name: string, ...paths: readonly string[]): Promise<NodeFigures | undefined> {
    if (this.refused || paths.some((path) => path.includes('\n'))) return undefined;
    try {
      this.socket ??= this.open(name);
      if (!this.socket) return undefined;
      const found: NodeFigures[] = [];
      for (const path of paths) {
        const figures = parseFigures(await this.ask(this.socket, path), path);
        if (!figures && found.length === 0) throw new Error('no answer of a shell');
        if (figures) found.push(figures);
      }
      return found.sort((a, b) => freeShare(a) - freeShare(b))[0];
    } catch (error) {
      this.close();
      if (error instanceof CarrierEnded && isDroppedAtTheDoor(error.stderr)) {
        throw explain(error, this.target.host);
      }
      this.refused = true;
      return undefined;
    }
  }

  /** The next question opens a new shell. */
  reconnect(): void {
    this.close();
    this.refused = false;
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
    this.answered = false;
  }

  private open(name: string): StdioSocket | undefined {
    const target = parseDockerHost(this.target.host);
    if (target.kind === 'unix') {
      return name === hostname() ? shell('sh', ['-c', SCRIPT]) : undefined;
    }
    const login = loginArguments(target, this.target.sshOptions);
    // The login shell may be any, so sh is named.
    return shell('ssh', [...login, `sh -c '${SCRIPT}'`]);
  }

  private ask(socket: StdioSocket, path: string): Promise<string> {
    const patience = this.answered ? PATIENCE_MS : PATIENCE_MS + TRIED_FOR_MS;
    return new Promise((resolve, reject) => {
      let text = '';
      const done = (error?: Error) => {
        clearTimeout(timer);
        socket.off('data', read).off('error', done).off('close', ended);
        if (error) return reject(error);
        this.answered = true;
        resolve(text);
      };
      const timer = setTimeout(() => done(new Error('no answer')), patience);
      const ended = () => done(new Error('it ended'));
      const read = (chunk: Buffer) => {
        text += chunk.toString('utf8');
        if (text.endsWith(END)) done();
      };
      socket.on('data', read).once('error', done).once('close', ended);
      socket.write(`${path}\n`);
    });
  }
}

const shell = (program: string, args: readonly string[]): StdioSocket =>
  new StdioSocket(() => spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: process.env }))
    // One that breaks while nobody asks: the next question is told.
    .on('error', () => {});
