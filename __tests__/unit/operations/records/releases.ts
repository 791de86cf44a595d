import type { Release } from '../../../../contract/release';
import type { SwarmObject } from '../../../../operations/docker/answers';
import type { NewConfig } from '../../../../operations/docker/client';
import { pack } from '../../../../operations/records/packed';

/** A release with the least in it. */
export const releaseWith = (part: Partial<Release>): Release => ({
  number: 1,
  at: '2026-01-02T03:04:05.678Z',
  who: 'anna@laptop',
  commit: '0123456789abcdef0123456789abcdef01234567',
  clean: true,
  stack: 'swarm',
  environment: 'production',
  outcome: 'converged',
  exitCode: 0,
  seconds: 61,
  services: [],
  plan: [],
  acknowledged: [],
  images: {},
  objects: [],
  gates: 1,
  packed: pack({ specs: {} }),
  ...part,
});

/** The configs of a Swarm, as Docker keeps them. */
export class FakeConfigs {
  readonly all: SwarmObject[] = [];
  private made = 0;

  readonly configs = async (
    filters: Readonly<Record<string, readonly string[]>> = {},
  ): Promise<SwarmObject[]> =>
    this.all.filter(
      ({ Spec }) =>
        (filters.name ?? []).every((start) => Spec?.Name?.startsWith(start)) &&
        (filters.label ?? []).every((label) => {
          const [name, value] = label.split('=') as [string, string?];
          const found = Spec?.Labels?.[name];
          return value === undefined ? found !== undefined : found === value;
        }),
    );

  readonly createConfig = async (spec: NewConfig): Promise<void> => {
    if (this.all.some(({ Spec }) => Spec?.Name === spec.Name)) {
      throw Object.assign(
        new Error(`rpc error: code = AlreadyExists desc = config ${spec.Name} already exists`),
        {
          statusCode: 409,
        },
      );
    }
    this.made += 1;
    this.all.push({ ID: `c${this.made}`, Spec: spec });
  };

  readonly removeConfig = async (id: string): Promise<void> => {
    this.all.splice(
      this.all.findIndex(({ ID }) => ID === id),
      1,
    );
  };
}
