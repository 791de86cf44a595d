import { UsageError } from '../../operations/terminal/usage-error';

/** @throws {UsageError} */
export function secondsOf(text: string, option: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text) ?? [];
  if (amount === undefined) throw new UsageError(`${option} ${text} is not a time\nwrite 90s, 5m or 1h`);
  return Number(amount) * { s: 1, m: 60, h: 3600 }[(unit ?? 's') as 's' | 'm' | 'h'];
}

/** @throws {UsageError} */
export function portOf(text: string, option: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 65535) return number;
  throw new UsageError(`${option} ${text} is not a port\nwrite a number from 1 to 65535`);
}
