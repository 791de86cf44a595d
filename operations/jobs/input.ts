import type { JobSettings } from '../../contract/job';

/** Reads JOB. @throws with the field that is missing or wrong */
export function parseJob(json: string | undefined): JobSettings {
  if (!json) throw new Error('JOB is not set\n  Terraform sets it: see contract/job.ts');
  const raw = objectIn(json);
  for (const field of ['host', 'kind', 'service', 'namespace'] as const) {
    if (typeof raw[field] !== 'string' || !/^\S+$/.test(raw[field])) throw wrong(field);
  }
  const { command, planned, timeoutSeconds } = raw;
  if (!Array.isArray(command) || command.length === 0 || command.some((part) => typeof part !== 'string')) {
    throw wrong('command');
  }
  if (planned === null || typeof planned !== 'object' || !('image' in planned)) throw wrong('planned');
  if (typeof timeoutSeconds !== 'number' || !(timeoutSeconds > 0)) throw wrong('timeoutSeconds');
  return raw as JobSettings;
}

type Raw = { readonly [Key in keyof JobSettings]?: unknown };

function objectIn(json: string): Raw {
  try {
    const raw: unknown = JSON.parse(json);
    if (raw !== null && typeof raw === 'object') return raw;
  } catch {}
  throw new Error('JOB is not a JSON object\n  Terraform sets it: see contract/job.ts');
}

const wrong = (field: string): Error =>
  new Error(`JOB: ${field} is missing or not usable\n  Terraform sets it: see contract/job.ts`);
