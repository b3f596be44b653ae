/** Columns of the table of a ППЭ. */
export const factColumns = [
  'state',
  'printer',
  'supplies',
  'scanner',
  'cameras',
  'audio',
  'disk',
  'clock',
  'line',
  'heard',
] as const;
export type FactColumn = (typeof factColumns)[number];

/** Lines of the block of a Штаб: checks by id, and what is more than one check. */
export const hqLines = [
  'net.down',
  'net.rtt',
  'em',
  'net.reserve',
  'net.uplinkHeadroom',
  'net.portal',
  'pc.ups',
  'relay',
  'clock.skew',
] as const;
export type HqLine = (typeof hqLines)[number];
