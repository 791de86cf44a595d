import { freePorts } from '../programs/loopback';
import { posixShells } from '../programs/posix-shells';
import { AcmeScript, type Settings, serveWebroot } from './acme-script';
import { acmePrograms, Pebble, type PebbleOptions } from './acme-server';

const { path, missing } = acmePrograms();

/** `describe` where there is a CA to test with; a loud skip elsewhere. */
export const withCa = (name: string, body: () => void): void => {
  if (missing.length > 0) {
    console.warn(`SKIPPED: ${name} is NOT tested with a CA: no ${missing.join(', ')} here`);
    describe.skip(name, body);
  } else describe(name, body);
};

/** What `acme.sh` says of a certificate that it got. */
export const ISSUED = /: new certificate,/;

/** A CA, and the scripts that ask it; all of it goes with `clear` and `remove`. */
export class AcmePlace {
  port = 0;
  private first: Pebble | undefined;
  private readonly scripts: AcmeScript[] = [];
  private readonly stops: (() => void | Promise<void>)[] = [];

  async prepare(): Promise<void> {
    [this.port] = (await freePorts(1)) as [number];
    // certbot renews at half of a lifetime below ten days: each certificate is due after five seconds.
    this.first = await new Pebble({ httpPort: this.port, validitySeconds: 10 }).start();
  }

  get pebble(): Pebble {
    if (!this.first) throw new Error('prepare first');
    return this.first;
  }

  /** Another CA, until the test has ended. */
  async newPebble(options: Omit<PebbleOptions, 'httpPort'> = {}): Promise<Pebble> {
    const pebble = await new Pebble({ httpPort: this.port, ...options }).start();
    this.stops.push(() => pebble.remove());
    return pebble;
  }

  /** `acme.sh`, ready to start, with its webroot where the CA looks. */
  async newScript(
    settings: Settings = {},
    served = true,
    shell = posixShells().found[0]!,
  ): Promise<AcmeScript> {
    const { directory, caFile } = this.pebble;
    const all = { DIRECTORY: directory, CA_FILE: caFile, HTTP_PORT: this.port, ...settings };
    const script = new AcmeScript(path, all, shell);
    this.scripts.push(script);
    if (served) await this.serve(script.webroot);
    return script;
  }

  async serve(folder: string): Promise<void> {
    this.stops.push(await serveWebroot(folder, this.port));
  }

  atEnd(stop: () => void): void {
    this.stops.push(stop);
  }

  async clear(): Promise<void> {
    for (const script of this.scripts.splice(0)) await script.remove();
    for (const stop of this.stops.splice(0)) await stop();
  }

  async remove(): Promise<void> {
    await this.first?.remove();
  }
}
