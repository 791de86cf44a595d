import { standingOf } from '../rollout/live';
import type { Line } from '../terminal/board';
import { harmless } from '../terminal/untrusted';
import type { Message } from '../terraform/message';
import { readGateLine } from './gates';

/** The line that a message is worth; most are worth none. */
export function lineOf({ type, hook }: Message): Line | undefined {
  const address = hook?.resource?.addr ?? '';
  const key = keyOf(address);
  if (type === 'provision_progress') {
    const text = (hook?.output ?? '').replace(/^\r+/, '');
    if (!text || text.startsWith('Executing: [')) return undefined;
    const line = readGateLine(text);
    if (line?.gate === 'progress')
      return { kind: 'live', key, text: line.text, standing: standingOf(line.text) };
    if (line) return { kind: 'lasting', key, text: line.text };
    const shown = harmless(text);
    return { kind: 'lasting', key, text: /^\s/.test(shown) ? shown : `${key}: ${shown}` };
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

/** The id of the service whose gate has passed. */
export function passedService({ type, hook }: Message): string | undefined {
  const address = hook?.resource?.addr ?? '';
  const gate = /^null_resource\.[\w-]+_rollout$/.test(address) && hook?.action !== 'delete';
  return gate && type === 'apply_complete' ? keyOf(address) : undefined;
}

/** A service and its gate share a line. */
const keyOf = (address: string): string =>
  address
    .replace(/^[a-z_]+\./, '')
    .replace(/_rollout$/, '')
    .replace(/\[.*$/, '');
