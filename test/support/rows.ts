import type { SeriesRow } from '../../server/src/series/store.ts';

/** A fixed moment of the second rehearsal: 15 May 2024, 09:42 in Novokuznetsk. */
export const REHEARSAL_MS = Date.parse('2024-05-15T02:42:00Z');

const BOOT = '00000000000000b1';

/** The id of the n-th workstation of a test. */
export function workstationId(number: number): string {
  return `w-${number.toString(16).padStart(16, '0')}`;
}

/** A heartbeat's row; every part may be set. */
export function row(part: Partial<SeriesRow> = {}): SeriesRow {
  return {
    workstationId: workstationId(1),
    relayId: null,
    bootId: BOOT,
    seq: 1,
    atMs: REHEARSAL_MS,
    takenAtMs: REHEARSAL_MS + 20,
    mode: 'prep',
    verdict: 'ok',
    metrics: { 'net.rtt.ms': 20, 'pc.cpu.ratio': 0.25 },
    ...part,
  };
}
