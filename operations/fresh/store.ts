import { createHash } from 'node:crypto';
import type { SwarmObject } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { fromData, toData } from '../records/document';
import type { FreshRecord } from './record';

/** A label of its own, and not the stack's: what counts as the stack's does not count it. */
const LABEL = 'proctor.fresh';

type Reading = Pick<DockerClient, 'configs'>;
type Writing = Pick<DockerClient, 'configs' | 'createConfig' | 'removeConfig'>;

/** With a dot, so that it does not begin as the stack's own objects do. By content: the same record has the same name. */
const nameOf = (namespace: string, data: string): string =>
  `${namespace}.fresh.${createHash('sha256').update(data).digest('hex').slice(0, 10)}`;

const recordsOf = (docker: Reading, namespace: string): Promise<SwarmObject[]> =>
  docker.configs({ label: [`${LABEL}=${namespace}`] });

/** All that there are of a platform; one that cannot be read proves nothing. */
export async function readRecords(docker: Reading, namespace: string): Promise<FreshRecord[]> {
  return (await recordsOf(docker, namespace)).flatMap(({ Spec }) => read(Spec?.Data));
}

function read(data: string | undefined): FreshRecord[] {
  const record = fromData<FreshRecord | null>(data);
  return record && typeof record.objects === 'object' && record.objects ? [record] : [];
}

/** Keeps a record in place of older ones. @throws what Docker says when it does not take it */
export async function keepRecord(docker: Writing, record: FreshRecord): Promise<void> {
  const { namespace } = record;
  const Name = nameOf(namespace, JSON.stringify(record));
  const there = await recordsOf(docker, namespace);
  if (!there.some(({ Spec }) => Spec?.Name === Name)) {
    await docker.createConfig({ Name, Labels: { [LABEL]: namespace }, Data: toData(record) });
  }
  // One that stays is in nobody's way, and goes with the next.
  for (const { ID, Spec } of there) {
    if (Spec?.Name !== Name) await docker.removeConfig(ID).catch(() => {});
  }
}
