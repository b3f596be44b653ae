import type { PrinterCondition } from '@ppe-pulse/protocol';

/** What a list of reasons says. */
export interface ReasonsRead {
  readonly conditions: readonly PrinterCondition[];
  /** Conditions that may be seen and must not alarm. */
  readonly remarks: readonly PrinterCondition[];
  /** What one tray lacks: no fault until a job waits for that tray. */
  readonly lacking?: Lacking;
  /** A spooler's backend is looking for its device: normal for a while. */
  readonly isConnecting: boolean;
}

/** What a tray can lack. */
export type Lacking = 'noPaper' | 'trayMissing';

/**
 * `printer-state-reasons` (PWG 5100.12, RFC 8011 and what CUPS adds) → conditions. The suffix of a
 * keyword (`-report`, `-warning`, `-error`) is no severity: an idle printer says `-report` of an empty
 * tray, a printing one `-warning`.
 */
const byKeyword: Readonly<Record<string, PrinterCondition>> = {
  'media-jam': 'jam',
  'cover-open': 'coverOpen',
  'door-open': 'coverOpen',
  'interlock-open': 'coverOpen',
  'media-needed': 'noPaper',
  'media-low': 'lowPaper',
  'toner-empty': 'noToner',
  'marker-supply-empty': 'noToner',
  'developer-empty': 'noToner',
  'marker-supply-missing': 'noToner',
  'toner-low': 'lowToner',
  'marker-supply-low': 'lowToner',
  'developer-low': 'lowToner',
  'marker-waste-full': 'serviceNeeded',
  'fuser-over-temp': 'serviceNeeded',
  'opc-life-over': 'serviceNeeded',
  'output-tray-missing': 'trayMissing',
  'output-area-full': 'outputFull',
  offline: 'offline',
  shutdown: 'offline',
  'timed-out': 'offline',
  paused: 'paused',
  'moving-to-paused': 'paused',
  'spool-area-full': 'notAccepting',
  'cups-missing-filter': 'printerError',
  'cups-insecure-filter': 'printerError',
};
/** A cold fuser warms up by itself, and «other» may be a sleeping panel. */
const remarkByKeyword: Readonly<Record<string, PrinterCondition>> = {
  'fuser-under-temp': 'serviceNeeded',
  other: 'printerError',
};
/** PWG 5100.12: «at least one» input tray is empty, or not there. */
const lackingByKeyword: Readonly<Record<string, Lacking>> = {
  'media-empty': 'noPaper',
  'input-tray-missing': 'trayMissing',
};

/** Reads a list of keywords; `none` and unknown ones say nothing. */
export function readReasons(keywords: readonly string[]): ReasonsRead {
  const bare = keywords.map((keyword) => keyword.replace(/-(report|warning|error)$/, ''));
  const conditions = new Set(valuesOf(byKeyword, bare));
  const lacking = conditions.has('noPaper') ? undefined : valuesOf(lackingByKeyword, bare)[0];
  if (lacking) conditions.add('lowPaper');
  return {
    conditions: [...conditions],
    remarks: valuesOf(remarkByKeyword, bare),
    ...(lacking ? { lacking } : {}),
    isConnecting: bare.includes('connecting-to-device'),
  };
}

function valuesOf<T>(table: Readonly<Record<string, T>>, keys: readonly string[]): T[] {
  const found = keys.flatMap((key) => (Object.hasOwn(table, key) ? [table[key] as T] : []));
  return [...new Set(found)];
}
