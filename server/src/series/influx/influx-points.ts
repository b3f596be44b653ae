import { families, modes, verdicts } from '@ppe-pulse/protocol';
import type { SeriesRow } from '../store.ts';
import { columnsOf, familyRows } from '../tables.ts';
import type { InfluxPoint } from './influx-client.ts';

/**
 * Points of a heartbeat: one for itself and one for each family that it measured. The time carries
 * the sequence number in its microseconds: two heartbeats of one millisecond stay two, and the same
 * heartbeat sent twice stays one.
 */
export function pointsOf(row: SeriesRow): InfluxPoint[] {
  const base = {
    workstation: row.workstationId,
    atMicros: Math.round(row.atMs) * 1_000 + (row.seq % 1_000),
  };
  const points: InfluxPoint[] = [
    {
      ...base,
      measurement: 'heartbeat',
      fields: {
        seq: row.seq,
        taken_ms: Math.round(row.takenAtMs),
        mode: modes.indexOf(row.mode),
        verdict: verdicts.indexOf(row.verdict),
      },
    },
  ];
  for (const family of families) {
    const names = columnsOf(family).map(({ name }) => name);
    for (const { device, values } of familyRows(family, row.metrics)) {
      const fields: Record<string, number> = {};
      for (const [at, value] of values.entries()) {
        const name = names[at];
        if (value !== null && name !== undefined) fields[name] = value;
      }
      points.push({
        ...base,
        measurement: family,
        fields,
        ...(device === undefined ? {} : { device }),
      });
    }
  }
  return points;
}
