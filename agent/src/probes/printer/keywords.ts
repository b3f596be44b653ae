import type { PrinterCondition } from '@ppe-pulse/protocol';

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
  'media-empty': 'noPaper',
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
  'fuser-under-temp': 'serviceNeeded',
  'opc-life-over': 'serviceNeeded',
  'input-tray-missing': 'trayMissing',
  'output-tray-missing': 'trayMissing',
  'output-area-full': 'outputFull',
  offline: 'offline',
  shutdown: 'offline',
  'timed-out': 'offline',
  'connecting-to-device': 'offline',
  paused: 'paused',
  'moving-to-paused': 'paused',
  'spool-area-full': 'notAccepting',
  'cups-missing-filter': 'printerError',
  'cups-insecure-filter': 'printerError',
  other: 'printerError',
};

/** Conditions of a list of keywords; `none` and unknown ones give none. */
export function conditionsOf(keywords: readonly string[]): PrinterCondition[] {
  const found = new Set<PrinterCondition>();
  for (const keyword of keywords) {
    const bare = keyword.replace(/-(report|warning|error)$/, '');
    const condition = byKeyword[bare];
    if (condition) found.add(condition);
  }
  return [...found];
}
