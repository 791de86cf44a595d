const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const ACCEPT = [
  MANIFEST,
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
].join(', ');

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

/** The registry's own view of its images, over HTTP. `address` is `host:port`. */
export class ImageRegistry {
  constructor(readonly address: string) {}

  /** @returns the digest under a tag, undefined when there is none */
  async digest(repository: string, tag: string): Promise<string | undefined> {
    const response = await this.ask('HEAD', `${repository}/manifests/${tag}`, {
      headers: { accept: ACCEPT },
    });
    return response.ok ? (response.headers.get('docker-content-digest') ?? undefined) : undefined;
  }

  /** Of a repository, none where there is no such one. */
  async tags(repository: string): Promise<readonly string[]> {
    const response = await this.ask('GET', `${repository}/tags/list`, {});
    if (!response.ok) return [];
    return ((await response.json()) as { readonly tags: readonly string[] | null }).tags ?? [];
  }

  /** Gives an image another name without moving its layers. @returns its digest, which stays the same */
  async copy(from: string, tag: string, to: string, newTag: string): Promise<string> {
    const found = await this.must('GET', `${from}/manifests/${tag}`, { headers: { accept: ACCEPT } });
    const body = await found.text();
    if (from !== to) {
      const { config, layers } = JSON.parse(body) as Manifest;
      for (const { digest } of [config, ...layers]) {
        await this.must('POST', `${to}/blobs/uploads/?mount=${digest}&from=${from}`);
      }
    }
    const headers = { 'content-type': found.headers.get('content-type') ?? MANIFEST };
    const written = await this.must('PUT', `${to}/manifests/${newTag}`, { headers, body });
    return written.headers.get('docker-content-digest') ?? '';
  }

  private async must(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const response = await this.ask(method, path, init);
    if (response.ok) return response;
    throw new Error(
      `the registry answered ${response.status} to ${method} ${path}: ${await response.text()}`,
    );
  }

  private ask(method: string, path: string, init: RequestInit): Promise<Response> {
    return fetch(`http://${this.address}/v2/${path}`, { ...init, method });
  }
}
