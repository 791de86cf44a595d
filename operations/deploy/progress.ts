import type { Line } from '../terminal/board';
import type { Message } from '../terraform/message';

/** `[4/9] proctorwise_userservice 1/2 → 2/2 healthy (7.4 s)`, as gates print it. */
const LIVE = /^\[\d+\/\d+\] \S+ (\d+\/\d+ → )?\d+\/\d+ healthy\b/;
const GATE = /^\[\d+\/\d+\] /;

/** The line that a message is worth; most are worth none. */
export function lineOf({ type, hook }: Message): Line | undefined {
  const address = hook?.resource?.addr ?? '';
  const key = keyOf(address);
  if (type === 'provision_progress') {
    const text = (hook?.output ?? '').replace(/^\r+/, '');
    if (!text || text.startsWith('Executing: [')) return undefined;
    if (LIVE.test(text)) return { kind: 'live', key, text };
    const own = GATE.test(text) || /^\s/.test(text) || address.endsWith('_rollout');
    return { kind: 'lasting', key, text: own ? text : `${key}: ${text}` };
  }
  if (address.startsWith('docker_service.')) {
    if (type === 'apply_start') {
      const doing =
        { create: 'creating', delete: 'removing', update: 'updating' }[hook?.action ?? ''] ?? 'changing';
      return { kind: 'live', key, text: `      ${key} ${doing}` };
    }
    if (type === 'apply_errored' || (type === 'apply_complete' && hook?.action === 'delete')) {
      return { kind: 'end', key };
    }
  }
  if (address.startsWith('null_resource.') && (type === 'apply_complete' || type === 'apply_errored')) {
    return { kind: 'end', key };
  }
  return undefined;
}

/** The id of the service that Terraform begins to change. */
export function begunService({ type, hook }: Message): string | undefined {
  const address = hook?.resource?.addr ?? '';
  return type === 'apply_start' && address.startsWith('docker_service.') ? keyOf(address) : undefined;
}

/** A service and its gate share a line. */
const keyOf = (address: string): string =>
  address
    .replace(/^[a-z_]+\./, '')
    .replace(/_rollout$/, '')
    .replace(/\[.*$/, '');
