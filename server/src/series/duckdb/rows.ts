import { families, modes, verdicts } from '@ppe-pulse/protocol/metrics';
import type { SeriesRow } from '../store.ts';
import { familyRows } from '../tables.ts';
import type { DuckCell, DuckTable } from './duckdb.ts';
import { familyTable, heartbeatTable } from './schema.ts';

/** The number in `w-0123456789abcdef`. Ids are 64-bit fingerprints, so no mapping has to be kept. */
export function keyOf(workstationId: string): bigint {
  return BigInt(`0x${workstationId.slice(2)}`);
}

/** The workstation's id of a key. */
export function workstationIdOf(key: unknown): string {
  return `w-${hexOf(key)}`;
}

/** The number in a boot's id. */
export function bootNumberOf(bootId: string): bigint {
  return BigInt(`0x${bootId}`);
}

/** Sixteen hex digits of a number that DuckDB answered. */
export function hexOf(value: unknown): string {
  if (typeof value !== 'bigint') throw new TypeError('DuckDB answers UBIGINT as a bigint');
  return value.toString(16).padStart(16, '0');
}

/** Rows of one day, spread over its tables. A family without a metric in a heartbeat gets no row. */
export function tablesOf(rows: readonly SeriesRow[]): DuckTable[] {
  const shaped = rows.map((row) => ({
    row,
    key: keyOf(row.workstationId),
    at: BigInt(Math.round(row.atMs)),
  }));
  const heartbeats: DuckTable = {
    name: heartbeatTable.name,
    kinds: heartbeatTable.kinds,
    rows: shaped.map(({ row, key, at }) => [
      key,
      bootNumberOf(row.bootId),
      BigInt(row.seq),
      at,
      BigInt(Math.round(row.takenAtMs)),
      modes.indexOf(row.mode),
      verdicts.indexOf(row.verdict),
    ]),
  };
  const measured = families.map((family): DuckTable => {
    const cells: DuckCell[][] = [];
    for (const { row, key, at } of shaped) {
      for (const { device, values } of familyRows(family, row.metrics)) {
        cells.push(device === undefined ? [key, at, ...values] : [key, device, at, ...values]);
      }
    }
    return { name: family, kinds: familyTable(family).kinds, rows: cells };
  });
  return [heartbeats, ...measured];
}
