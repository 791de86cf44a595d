import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What a server gets wrong, or leaves out, as real ones do. */
export interface Faults {
  /** Takes `If-None-Match: *` for nothing: every writer believes that the lock is its own. */
  readonly ignoresConditions?: boolean;
  /** Looks whether the object is there, and only a moment later writes it. */
  readonly isSlowToWrite?: boolean;
  /** Answers 501 to `If-None-Match`. */
  readonly refusesConditions?: boolean;
  /** Stores in clear what came with a customer's key. */
  readonly ignoresCustomerKeys?: boolean;
  /** Answers 501 to `x-amz-server-side-encryption`. */
  readonly refusesOwnEncryption?: boolean;
  /** Does not encrypt with a key of its own, and does not say so. */
  readonly ignoresOwnEncryption?: boolean;
  /** @default 'Enabled' */
  readonly versioning?: 'Enabled' | 'Suspended' | 'never' | 'forbidden' | 'unsupported';
  /** Anybody may read. */
  readonly isPublic?: boolean;
  /** Answers 400 to uploads whose checksum comes after the body. */
  readonly refusesTrailers?: boolean;
}

interface Stored {
  readonly version: string;
  readonly body: Buffer;
  /** MD5 of the customer's key. */
  readonly keyMd5: string | undefined;
  readonly isDeleted: boolean;
}

/** Status, body, headers. */
type Reply = readonly [status: number, body?: string | Buffer, headers?: Record<string, string>];

const error = (status: number, code: string): Reply => [status, `<Error><Code>${code}</Code></Error>`];

export const S3_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIDSTANDIN', AWS_SECRET_ACCESS_KEY: 'stand-in-secret' };

/**
 * An S3-compatible bucket in memory, as far as Terraform's backend uses one: conditional writes, versions, customers'
 * keys. Checks who asks, not the signature.
 */
export class S3StandIn {
  private readonly objects = new Map<string, Stored[]>();
  private readonly server: Server;
  private count = 0;
  /** Answers 403 to whatever would change something: credentials that have expired. */
  takesNothing = false;
  private held: { readonly key: string; readonly waiting: (() => void)[] } | undefined;

  /** @param tls a certificate and its key: over TLS, Terraform sends its checksums after the body */
  static async start(bucket: string, faults: Faults = {}, tls?: { cert: string; key: string }) {
    const standIn = new S3StandIn(bucket, faults, tls);
    await new Promise<void>((resolve) => standIn.server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  private constructor(
    readonly bucket: string,
    private readonly faults: Faults,
    private readonly tls?: { cert: string; key: string },
  ) {
    this.server = (tls ? createTlsServer(tls) : createServer()).on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const [status, body, headers] = await this.answer(request, Buffer.concat(chunks));
        response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
      });
    }) as Server;
  }

  get endpoint(): string {
    const { port } = this.server.address() as AddressInfo;
    return this.tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  }

  /** Keys of all that is or was there, deleted or not. */
  get keys(): string[] {
    return [...this.objects.keys()].sort();
  }

  /** What is there now under a key. */
  content(key: string): string | undefined {
    return this.latest(key)?.body.toString();
  }

  /** Writes what is no state over what is there. @returns its version */
  damage(key: string): string {
    const last = this.objects.get(key)!.at(-1)!;
    const version = `v${++this.count}`;
    this.objects.get(key)!.push({ ...last, version, body: Buffer.from('{"version": 4, "ser') });
    return version;
  }

  /** Whoever reads this key waits until `letGo`: a run that has its lock and not its state. */
  hold(key: string): void {
    this.held = { key, waiting: [] };
  }

  get isHeld(): boolean {
    return (this.held?.waiting.length ?? 0) > 0;
  }

  letGo(): void {
    for (const go of this.held?.waiting ?? []) go();
    this.held = undefined;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private get isVersioned(): boolean {
    return (this.faults.versioning ?? 'Enabled') === 'Enabled';
  }

  private latest(key: string): Stored | undefined {
    const newest = this.objects.get(key)?.at(-1);
    return newest?.isDeleted ? undefined : newest;
  }

  private async answer({ url, method, headers }: IncomingMessage, body: Buffer): Promise<Reply> {
    const { pathname, searchParams: query } = new URL(url ?? '/', 'http://s3');
    const [, bucket, ...rest] = decodeURIComponent(pathname).split('/');
    const key = rest.join('/');
    const { authorization } = headers;
    if (authorization === undefined && !(this.faults.isPublic && method === 'GET')) {
      return error(403, 'AccessDenied');
    }
    if (authorization?.includes('Credential=AKIDSTANDIN/') === false) return error(403, 'InvalidAccessKeyId');
    if (bucket !== this.bucket) return error(404, 'NoSuchBucket');
    if (key === '') return this.answerBucket(query);
    if (this.takesNothing && ['PUT', 'DELETE'].includes(method ?? '')) return error(403, 'ExpiredToken');
    if (method === 'PUT') return this.answerPut(headers, key, body);
    if (method === 'DELETE') return this.answerDelete(key, query.get('versionId'));
    const { held } = this;
    if (held?.key === key) await new Promise<void>((resolve) => held.waiting.push(resolve));
    return this.answerGet(headers, key);
  }

  private answerBucket(query: URLSearchParams): Reply {
    const { versioning = 'Enabled' } = this.faults;
    if (versioning === 'unsupported' && (query.has('versioning') || query.has('versions'))) {
      return error(501, 'NotImplemented');
    }
    if (query.has('versioning') && versioning === 'forbidden') return error(403, 'AccessDenied');
    if (query.has('versioning')) {
      return [
        200,
        `<Configuration>${versioning === 'never' ? '' : `<Status>${versioning}</Status>`}</Configuration>`,
      ];
    }
    const keys = this.keys.filter((key) => key.startsWith(query.get('prefix') ?? ''));
    if (query.has('versions')) {
      const entries = keys.flatMap((key) =>
        this.objects.get(key)!.map(({ version, isDeleted }) => {
          const tag = isDeleted ? 'DeleteMarker' : 'Version';
          return `<${tag}><Key>${key}</Key><VersionId>${version}</VersionId></${tag}>`;
        }),
      );
      return [200, `<ListVersionsResult>${entries.join('')}</ListVersionsResult>`];
    }
    const contents = keys
      .filter((key) => this.latest(key))
      .map((key) => `<Contents><Key>${key}</Key></Contents>`);
    return [200, `<ListBucketResult>${contents.join('')}</ListBucketResult>`];
  }

  private async answerPut(headers: IncomingHttpHeaders, key: string, body: Buffer): Promise<Reply> {
    const { faults } = this;
    const isChunked = /^STREAMING-/.test(String(headers['x-amz-content-sha256']));
    const ownEncryption = headers['x-amz-server-side-encryption'];
    if (isChunked && faults.refusesTrailers) return error(400, 'InvalidArgument');
    if (headers['if-none-match'] && faults.refusesConditions) return error(501, 'NotImplemented');
    if (ownEncryption && faults.refusesOwnEncryption) return error(501, 'NotImplemented');
    if (headers['if-none-match'] === '*' && !faults.ignoresConditions && this.latest(key)) {
      return error(412, 'PreconditionFailed');
    }
    if (faults.isSlowToWrite) await new Promise((resolve) => setTimeout(resolve, 1000));
    const keyMd5 = faults.ignoresCustomerKeys ? undefined : keyOf(headers);
    const version = this.isVersioned ? `v${++this.count}` : 'null';
    const older = this.isVersioned ? (this.objects.get(key) ?? []) : [];
    const stored = { version, body: isChunked ? unchunked(body) : body, keyMd5, isDeleted: false };
    this.objects.set(key, [...older, stored]);
    return [
      200,
      '',
      {
        etag: etag(stored.body),
        ...(this.isVersioned ? { 'x-amz-version-id': version } : {}),
        ...(ownEncryption && !faults.ignoresOwnEncryption
          ? { 'x-amz-server-side-encryption': 'AES256' }
          : {}),
      },
    ];
  }

  private answerDelete(key: string, version: string | null): Reply {
    const all = this.objects.get(key) ?? [];
    const marker = { version: `v${++this.count}`, body: Buffer.alloc(0), keyMd5: undefined, isDeleted: true };
    let rest: Stored[] = [];
    if (version) rest = all.filter((one) => one.version !== version);
    else if (this.isVersioned && all.length > 0) rest = [...all, marker];
    if (rest.length > 0) this.objects.set(key, rest);
    else this.objects.delete(key);
    return [204];
  }

  private answerGet(headers: IncomingHttpHeaders, key: string): Reply {
    const found = this.latest(key);
    if (!found) return error(404, 'NoSuchKey');
    const given = keyOf(headers);
    if (found.keyMd5 !== given && !this.faults.ignoresCustomerKeys) {
      return given === undefined || found.keyMd5 === undefined
        ? error(400, 'InvalidRequest')
        : error(403, 'AccessDenied');
    }
    return [200, found.body, { 'content-length': String(found.body.length), etag: etag(found.body) }];
  }
}

const etag = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

const keyOf = (headers: IncomingHttpHeaders): string | undefined =>
  headers['x-amz-server-side-encryption-customer-key-md5']?.toString();

/** The body of an upload in chunks: `<hex size>\r\n<bytes>\r\n…0\r\n<trailers>`. */
function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.subarray(at, end).toString(), 16);
    if (!size) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
