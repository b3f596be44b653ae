import type { Reason } from '@ppe-pulse/protocol';
import type { PowerLook } from './power-look.ts';

/** Names of UPSes, and of their variables with values, that one answer may hold. */
const MAX_LINES = 1_000;

/** One answer of NUT's upsd (RFC 9271), read as far as it has come. */
export type NutReply =
  | { readonly kind: 'unfinished' }
  /** Lines between `BEGIN LIST` and `END LIST`. */
  | { readonly kind: 'list'; readonly lines: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: Reason };

/** Error codes of upsd that say what is wrong; any other is an answer that nobody expected. */
const errors: Readonly<Record<string, Reason>> = {
  'UNKNOWN-UPS': 'notFound',
  'DRIVER-NOT-CONNECTED': 'noAnswer',
  'DATA-STALE': 'stale',
  'ACCESS-DENIED': 'unauthorised',
};

/** Reads the text of an answer to `LIST …`. */
export function parseNutReply(text: string): NutReply {
  const lines = text.split('\n', MAX_LINES + 2);
  // What follows the last line feed has not come whole.
  const whole = lines.slice(0, -1).map((line) => line.replace(/\r$/, ''));
  const [first] = whole;
  if (first === undefined) return { kind: 'unfinished' };
  const error = /^ERR ([A-Z-]+)/.exec(first)?.[1];
  if (error !== undefined) return { kind: 'failed', reason: errors[error] ?? 'badAnswer' };
  if (!first.startsWith('BEGIN LIST ')) return { kind: 'failed', reason: 'badAnswer' };
  const end = whole.findIndex((line) => line.startsWith('END LIST '));
  if (end >= 0) return { kind: 'list', lines: whole.slice(1, end) };
  return whole.length > MAX_LINES
    ? { kind: 'failed', reason: 'badAnswer' }
    : { kind: 'unfinished' };
}

/** Names in an answer to `LIST UPS`. Their descriptions are people's own words and are not read. */
export function upsNames(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^UPS ([A-Za-z0-9._-]{1,60}) "/.exec(line)?.[1] ?? []);
}

/** Variables in an answer to `LIST VAR`. */
export function upsVariables(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const found = /^VAR \S{1,60} ([a-z0-9.]{1,60}) "([^"\\]{0,100})"$/.exec(line);
      return found ? [[found[1] ?? '', found[2] ?? '']] : [];
    }),
  );
}

/** What a UPS's variables say. `OL`: on line, `OB`: on battery, the rest is the battery's own state. */
export function powerOfUps(variables: ReadonlyMap<string, string>): PowerLook {
  const words = new Set((variables.get('ups.status') ?? '').split(' '));
  // The driver has not spoken with its device yet.
  if (words.has('WAIT')) return { kind: 'failed', reason: 'noAnswer' };
  const isOnBattery = words.has('OB');
  if (!isOnBattery && !words.has('OL')) return { kind: 'failed', reason: 'badAnswer' };
  const percent = numberOf(variables.get('battery.charge'));
  const seconds = numberOf(variables.get('battery.runtime'));
  // To be replaced, nearly empty, switched past, switched off: whatever the charge, it does not hold.
  const isUnfit = ['RB', 'LB', 'BYPASS', 'OFF'].some((word) => words.has(word));
  return {
    kind: 'seen',
    facts: {
      isOnMains: !isOnBattery,
      ...(percent === undefined ? {} : { chargeRatio: Math.min(1, percent / 100) }),
      ...(seconds === undefined ? {} : { runtimeMs: seconds * 1_000 }),
      ...(isUnfit ? { isBatteryUnfit: true } : {}),
    },
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}
