import { DuckDBInstance, type DuckDBAppender, type DuckDBConnection } from '@duckdb/node-api';

/** A row of a result: numbers, big integers, strings, nulls. */
export type DuckRow = Readonly<Record<string, unknown>>;
export type DuckParameter = number | bigint | string;

/** A column of an append. */
export type DuckCell = number | bigint | null;
export type DuckColumnKind = 'key' | 'integer' | 'tiny' | 'real';

/** One connection: its statements run one after another. */
export interface DuckSession {
  run(sql: string): Promise<void>;
  ask(sql: string, parameters?: readonly DuckParameter[]): Promise<readonly DuckRow[]>;
}

/** One DuckDB instance. Questions, commits and chores have a connection each and never wait in line. */
export interface Duck extends DuckSession {
  /** For long work with transactions of its own: sorting, roll-ups, backups. */
  readonly chores: DuckSession;
  /** Appends to several tables of one database in one transaction. */
  commit(database: string, tables: readonly DuckTable[]): Promise<void>;
  close(): void;
}

/** Rows for one table. */
export interface DuckTable {
  readonly name: string;
  readonly kinds: readonly DuckColumnKind[];
  readonly rows: readonly (readonly DuckCell[])[];
}

/** Opens an instance without a file of its own; files are attached to it. */
export async function openDuck(options: {
  readonly memoryLimitBytes: number;
  readonly threads: number;
  readonly spillDirectory: string;
}): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.round(options.memoryLimitBytes / 1_000_000)}MB`,
    threads: String(options.threads),
    temp_directory: options.spillDirectory,
    // Rows are sorted where order matters; keeping the insertion order costs memory.
    preserve_insertion_order: 'false',
  });
  const questions = await instance.connect();
  const chores = await instance.connect();
  const commits = await instance.connect();
  return {
    ...sessionOf(questions),
    chores: sessionOf(chores),
    commit: (database, tables) => commit(commits, database, tables),
    close: () => {
      for (const connection of [questions, chores, commits]) connection.closeSync();
      instance.closeSync();
    },
  };
}

function sessionOf(connection: DuckDBConnection): DuckSession {
  return {
    run: async (sql) => {
      await connection.run(sql);
    },
    ask: async (sql, parameters = []) => {
      const reader = await connection.runAndReadAll(sql, [...parameters]);
      return reader.getRowObjectsJS();
    },
  };
}

async function commit(
  connection: DuckDBConnection,
  database: string,
  tables: readonly DuckTable[],
): Promise<void> {
  await connection.run('BEGIN TRANSACTION');
  try {
    for (const table of tables) {
      if (table.rows.length === 0) continue;
      const appender = await connection.createAppender(table.name, 'main', database);
      for (const row of table.rows) appendRow(appender, table.kinds, row);
      appender.flushSync();
      appender.closeSync();
    }
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK');
    throw error;
  }
}

function appendRow(
  appender: DuckDBAppender,
  kinds: readonly DuckColumnKind[],
  row: readonly DuckCell[],
): void {
  for (const [at, kind] of kinds.entries()) {
    const cell = row[at];
    if (cell === null || cell === undefined) appender.appendNull();
    else if (kind === 'key') appender.appendUBigInt(BigInt(cell));
    else if (kind === 'integer') appender.appendBigInt(BigInt(cell));
    else if (kind === 'tiny') appender.appendUTinyInt(Number(cell));
    else appender.appendDouble(Number(cell));
  }
  appender.endRow();
}
