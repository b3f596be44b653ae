import Database from 'libsql';

/** One SQLite database. The only place that knows the library. */
export interface StateDatabase {
  exec(sql: string): void;
  /** Rows of a query. Values are numbers, strings and nulls. */
  all(sql: string, ...parameters: readonly SqlValue[]): readonly SqlRow[];
  /** Runs a change and answers how many rows it touched. */
  run(sql: string, ...parameters: readonly SqlValue[]): number;
  /** Runs `work` in one transaction: all of it or nothing. */
  transaction(work: () => void): void;
  close(): void;
}

export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, unknown>>;

/** Opens or creates a database file. Statements are prepared once each. */
export function openDatabase(path: string): StateDatabase {
  const database = new Database(path);
  const prepared = new Map<string, Database.Statement>();
  const statement = (sql: string): Database.Statement => {
    const known = prepared.get(sql);
    if (known) return known;
    const fresh = database.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  };
  return {
    exec: (sql) => {
      database.exec(sql);
    },
    all: (sql, ...parameters) => statement(sql).all(...parameters) as SqlRow[],
    run: (sql, ...parameters) => statement(sql).run(...parameters).changes,
    transaction: (work) => {
      database.transaction(work)();
    },
    close: () => {
      prepared.clear();
      database.close();
    },
  };
}

/** True for what the database refuses: a full disk, a broken one. Other errors are mistakes of ours. */
export function isStoreError(error: unknown): boolean {
  return codeOfSqlite(error).startsWith('SQLITE');
}

/** True when another process holds the database. */
export function isBusy(error: unknown): boolean {
  return codeOfSqlite(error).startsWith('SQLITE_BUSY');
}

/** True when the file is not what SQLite wrote. */
export function isDamaged(error: unknown): boolean {
  return ['SQLITE_NOTADB', 'SQLITE_CORRUPT'].some((code) => codeOfSqlite(error).startsWith(code));
}

function codeOfSqlite(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return '';
}
