interface Kept {
  readonly type: string;
  /** In Terraform. */
  readonly name: string;
  readonly id: string;
  /** In Swarm. */
  readonly as: string;
  readonly key?: string;
  readonly namespace?: string;
  readonly data?: string;
  readonly deposed?: string;
}

/** A state as Terraform writes it, as far as it is read. */
export const stateOf = (objects: readonly Kept[]): string =>
  JSON.stringify(
    {
      version: 4,
      terraform_version: '1.11.4',
      serial: 3,
      lineage: 'x',
      outputs: {},
      resources: objects.map(({ type, name, id, as, key, namespace, data, deposed }) => ({
        mode: 'managed',
        type,
        name,
        provider: 'provider["registry.terraform.io/kreuzwerker/docker"]',
        instances: [
          {
            ...(key === undefined ? {} : { index_key: key }),
            ...(deposed === undefined ? {} : { deposed }),
            attributes: {
              id,
              name: as,
              data,
              labels: namespace ? [{ label: 'com.docker.stack.namespace', value: namespace }] : [],
            },
          },
        ],
      })),
    },
    null,
    2,
  );
