import type { PlaceSettings } from '../../contract/place';

/** Reads PLACE. @throws with the field that is missing or wrong */
export function parsePlace(json: string | undefined): PlaceSettings {
  if (!json) throw new Error('PLACE is not set\n  Terraform sets it: see contract/place.ts');
  const raw = objectIn(json);
  for (const field of ['host', 'service', 'id', 'label'] as const) {
    if (typeof raw[field] !== 'string' || !/^\S+$/.test(raw[field])) throw wrong(field);
  }
  for (const field of ['volumes', 'constraints'] as const) {
    const list = raw[field];
    if (!Array.isArray(list) || list.some((item) => typeof item !== 'string')) throw wrong(field);
  }
  if (raw.phase !== 'before' && raw.phase !== 'after') throw wrong('phase');
  return raw as PlaceSettings;
}

function objectIn(json: string): { [Key in keyof PlaceSettings]?: unknown } {
  try {
    const raw: unknown = JSON.parse(json);
    if (raw !== null && typeof raw === 'object') return raw;
  } catch {}
  throw new Error('PLACE is not a JSON object\n  Terraform sets it: see contract/place.ts');
}

const wrong = (field: string): Error =>
  new Error(`PLACE: ${field} is missing or not usable\n  Terraform sets it: see contract/place.ts`);
