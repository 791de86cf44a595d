// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

const JOB = 'node "${path.module}/assets/file_job/file/job.js"';

/**
 * A recorded stack whose migrations do nothing: the way back is one of programs. An older one knows nothing of what the newer
 * one has made of the data, and its migration would stop there at best. With the next version the newer one's runs again.
 */
export function withoutMigrations(stack: Json): Json {
  const { null_resource: steps, ...resource } = stack.resource ?? {};
  if (!steps) return stack;
  return {
    ...stack,
    resource: { ...resource, null_resource: Object.fromEntries(Object.entries<Json>(steps).map(idle)) },
  };
}

function idle([name, step]: [string, Json]): [string, Json] {
  const { provisioner = [], ...rest } = step;
  const others = provisioner.filter((one: Json) => one?.['local-exec']?.command !== JOB);
  return [
    name,
    others.length === provisioner.length
      ? step
      : { ...rest, ...(others.length > 0 ? { provisioner: others } : {}) },
  ];
}
