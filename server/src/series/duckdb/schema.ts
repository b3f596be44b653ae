import { families, isDeviceFamily, type Family } from '@ppe-pulse/protocol/metrics';
import { columnsOf } from '../tables.ts';
import type { DuckColumnKind } from './duckdb.ts';

/** Version of the files' layout, kept in each file; a newer one is refused. */
export const FILE_VERSION = 1;

/** A table of a day file: SQL and the kinds of its columns for appends. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly kinds: readonly DuckColumnKind[];
}

/**
 * Identity and circumstances of each heartbeat. `key` is the number in the workstation's id and
 * `boot` the one in the boot's: numbers compress and prune, text does not.
 */
export const heartbeatTable: TableShape = shape('heartbeat', [
  ['key', 'UBIGINT', 'key'],
  ['boot', 'UBIGINT', 'key'],
  ['seq', 'BIGINT', 'integer'],
  ['at_ms', 'BIGINT', 'integer'],
  ['taken_ms', 'BIGINT', 'integer'],
  ['mode', 'UTINYINT', 'tiny'],
  ['verdict', 'UTINYINT', 'tiny'],
]);

/** One table a family, a column a metric; a metric that was not read is NULL. */
export function familyTable(family: Family): TableShape {
  return shape(family, [
    ['key', 'UBIGINT', 'key'],
    ...deviceColumn(family),
    ['at_ms', 'BIGINT', 'integer'],
    ...columnsOf(family).map(({ name }): [string, string, DuckColumnKind] => [
      name,
      'DOUBLE',
      'real',
    ]),
  ]);
}

/** Tables of a raw day file. */
export function rawTables(): readonly TableShape[] {
  return [heartbeatTable, ...families.map(familyTable)];
}

/** One table a family with four columns a metric. */
export function minuteTable(family: Family): TableShape {
  return shape(family, [
    ['key', 'UBIGINT', 'key'],
    ...deviceColumn(family),
    ['minute_ms', 'BIGINT', 'integer'],
    ...columnsOf(family).flatMap(({ name }): [string, string, DuckColumnKind][] => [
      [`${name}_min`, 'DOUBLE', 'real'],
      [`${name}_mean`, 'DOUBLE', 'real'],
      [`${name}_max`, 'DOUBLE', 'real'],
      [`${name}_count`, 'BIGINT', 'integer'],
    ]),
  ]);
}

/** Tables of a minute file. */
export function minuteTables(): readonly TableShape[] {
  return families.map(minuteTable);
}

/** Statements that bring an attached file to this layout; a metric that is new gets its column. */
export function layoutStatements(database: string, tables: readonly TableShape[]): string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${database}.meta (name VARCHAR PRIMARY KEY, value BIGINT)`,
    `INSERT OR IGNORE INTO ${database}.meta VALUES ('version', ${FILE_VERSION})`,
    ...tables.flatMap(({ name, columns }) => [
      `CREATE TABLE IF NOT EXISTS ${database}.${name} (${columns.map((c) => `${c.name} ${c.type}`).join(', ')})`,
      ...columns.map(
        (c) => `ALTER TABLE ${database}.${name} ADD COLUMN IF NOT EXISTS ${c.name} ${c.type}`,
      ),
    ]),
  ];
}

/** Names of the columns that tell rows of one moment apart. */
export function identityOf(family: Family): string {
  return isDeviceFamily(family) ? 'key, device' : 'key';
}

function deviceColumn(family: Family): [string, string, DuckColumnKind][] {
  return isDeviceFamily(family) ? [['device', 'UTINYINT', 'tiny']] : [];
}

function shape(name: string, columns: readonly [string, string, DuckColumnKind][]): TableShape {
  return {
    name,
    columns: columns.map(([column, type]) => ({ name: column, type })),
    kinds: columns.map(([, , kind]) => kind),
  };
}
