import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { Shell } from '../../contract/shell';
import type { Backend } from '../stack/backend';

export interface Answer {
  readonly status: number;
  /** S3's own word for an error, such as `NoSuchBucket`; empty where there is none. */
  readonly code: string;
  readonly headers: Headers;
  readonly text: string;
}

export interface RequestOptions {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Parameters behind the `?`. @default - none */
  readonly query?: Readonly<Record<string, string>>;
  /** Without a signature, as a stranger asks. @default false */
  readonly anonymous?: boolean;
}

const ANSWER_MS = 20_000;

/** The bucket as Terraform's backend asks it: same address, same credentials, same encryption. */
export class Bucket {
  private readonly client: AwsClient;
  private readonly base: string;

  /** Needs `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. */
  constructor(backend: Backend & { kind: 's3' }, shell: Shell) {
    const { bucket, region, endpoint } = backend;
    this.base = endpoint ? `${endpoint}/${bucket}` : `https://${bucket}.s3.${region}.amazonaws.com`;
    this.client = new AwsClient({
      accessKeyId: shell.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: shell.AWS_SECRET_ACCESS_KEY ?? '',
      ...(shell.AWS_SESSION_TOKEN ? { sessionToken: shell.AWS_SESSION_TOKEN } : {}),
      region,
      service: 's3',
    });
  }

  /** @throws when there is no answer within 20 s */
  async ask(method: string, key: string, options: RequestOptions = {}): Promise<Answer> {
    const url = new URL(`${this.base}/${key.split('/').map(encodeURIComponent).join('/')}`);
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
    const init = { method, headers: { ...options.headers }, ...(options.body ? { body: options.body } : {}) };
    // Sent here and not by the library, which would ask ten times what a server does not implement.
    const request = options.anonymous ? new Request(url, init) : await this.client.sign(url, init);
    const response = await fetch(request, { signal: AbortSignal.timeout(ANSWER_MS) });
    const text = await response.text();
    const code = response.ok ? '' : (/<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? '');
    return { status: response.status, code, headers: response.headers, text };
  }

  /** Removes every version of everything whose key begins so. @returns how many would not go */
  async removeAll(prefix: string): Promise<number> {
    const listed = await this.ask('GET', '', { query: { versions: '', prefix } });
    const entries = [
      ...listed.text.matchAll(/<(?:Version|DeleteMarker)>(.*?)<\/(?:Version|DeleteMarker)>/gs),
    ];
    const versions = entries.map(([, entry]) => ({
      key: field(entry!, 'Key'),
      query: { versionId: field(entry!, 'VersionId') },
    }));
    // A store without versions may not know the question.
    const plain = listed.status === 200 ? [] : await this.keys(prefix);
    const answers = await Promise.all([
      ...versions.map(({ key, query }) => this.ask('DELETE', key, { query })),
      ...plain.map((key) => this.ask('DELETE', key)),
    ]);
    return answers.filter(({ status }) => status >= 300 && status !== 404).length;
  }

  private async keys(prefix: string): Promise<string[]> {
    const { text } = await this.ask('GET', '', { query: { 'list-type': '2', prefix } });
    return [...text.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, entry]) => field(entry!, 'Key'));
  }
}

const field = (xml: string, name: string): string =>
  (new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '').replaceAll('&amp;', '&');

/** 32 bytes in base64, as Terraform takes a key. */
export const isCustomerKey = (text: string): boolean =>
  /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, 'base64').length === 32;

/** The headers that let a server encrypt or decrypt with a key that it does not keep; none without a key. */
export function customerKeyHeaders(key: string | undefined): Record<string, string> {
  if (!key) return {};
  const header = 'x-amz-server-side-encryption-customer';
  return {
    [`${header}-algorithm`]: 'AES256',
    [`${header}-key`]: key,
    [`${header}-key-md5`]: createHash('md5').update(Buffer.from(key, 'base64')).digest('base64'),
  };
}
