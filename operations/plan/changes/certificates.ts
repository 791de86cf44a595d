import { X509Certificate } from 'node:crypto';
import type { ProvidedPair } from '../../preflight/certificate';
import { type PlanDocument, priorOf } from '../../terraform/document';
import type { Certificate } from './model';

const DAY = 86_400_000;

/** The certificates that nginx has or gets, and until when: what Terraform made, and what somebody provides. */
export function certificatesOf(
  document: PlanDocument,
  provided: Pick<ProvidedPair, 'certificate'> | undefined,
  now: Date,
): Certificate[] {
  const replaced = new Set(
    (document.resource_changes ?? [])
      .filter(({ type, change }) => type === 'tls_self_signed_cert' && change.actions.includes('create'))
      .map(({ name }) => name),
  );
  const made = priorOf(document, 'tls_self_signed_cert').flatMap(({ name, values }) => {
    const until = new Date(values.validity_end_time);
    if (Number.isNaN(until.getTime())) return [];
    const early = Number(values.early_renewal_hours ?? 0) * 3_600_000;
    const from = new Date(until.getTime() - early).toISOString().slice(0, 10);
    const what = replaced.has(name) ? 'renewed by this deploy' : `a deploy from ${from} on renews it`;
    return [lasting(name, until, now, what)];
  });
  if (!provided) return made;
  const until = untilOf(provided.certificate);
  return until ? [...made, lasting('tls_certificate', until, now, 'provided')] : made;
}

/** Undefined where it is no certificate: the check before the deploy says so. */
function untilOf(pem: string): Date | undefined {
  try {
    return new Date(new X509Certificate(pem).validTo);
  } catch {
    return undefined;
  }
}

const lasting = (name: string, until: Date, now: Date, what: string): Certificate => ({
  name,
  what,
  until: until.toISOString().slice(0, 10),
  days: Math.floor((until.getTime() - now.getTime()) / DAY),
});
