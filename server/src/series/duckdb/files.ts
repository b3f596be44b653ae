import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../config-error.ts';
import type { Duck } from './duckdb.ts';
import {
  FILE_VERSION,
  layoutStatements,
  minuteTables,
  rawTables,
  type TableShape,
} from './schema.ts';

/** `raw`: a file a UTC day, `2026-11-23`. `minute`: roll-ups, a file a month, `2026-11`. */
export type FileKind = 'raw' | 'minute';

const ENDING = '.duckdb';
const namePatterns: Record<FileKind, RegExp> = {
  raw: /^(\d{4}-\d{2}-\d{2})\.duckdb$/,
  minute: /^(\d{4}-\d{2})\.duckdb$/,
};

/** The store's files: which there are, attaching them, setting damaged ones aside. */
export class DuckFiles {
  readonly #duck: Duck;
  readonly #directory: string;
  readonly #attached = new Map<string, Promise<string>>();

  constructor(duck: Duck, directory: string) {
    this.#duck = duck;
    this.#directory = directory;
    for (const kind of ['raw', 'minute']) mkdirSync(join(directory, kind), { recursive: true });
  }

  path(kind: FileKind, part: string): string {
    return join(this.#directory, kind, part + ENDING);
  }

  /** Parts that have a file, oldest first. */
  list(kind: FileKind): string[] {
    return readdirSync(join(this.#directory, kind))
      .flatMap((name) => namePatterns[kind].exec(name)?.[1] ?? [])
      .sort();
  }

  exists(kind: FileKind, part: string): boolean {
    return existsSync(this.path(kind, part));
  }

  bytes(kind: FileKind, part: string): number {
    const path = this.path(kind, part);
    return sizeOf(path) + sizeOf(`${path}.wal`);
  }

  /** Names of damaged files that stand aside. */
  setAside(): string[] {
    return (['raw', 'minute'] as const).flatMap((kind) =>
      readdirSync(join(this.#directory, kind)).filter((name) => /\.damaged-\d+$/.test(name)),
    );
  }

  /**
   * Attaches a file, made when missing, and answers its name in SQL. A damaged one is set aside and
   * replaced by an empty one: history of a day must not stop the day that is today.
   */
  attach(kind: FileKind, part: string): Promise<string> {
    const name = `${kind}_${part.replaceAll('-', '')}`;
    const known = this.#attached.get(name);
    if (known) return known;
    const attaching = this.#attach(name, kind, part);
    this.#attached.set(name, attaching);
    attaching.catch(() => this.#attached.delete(name));
    return attaching;
  }

  async detach(kind: FileKind, part: string): Promise<void> {
    const name = `${kind}_${part.replaceAll('-', '')}`;
    if (!this.#attached.has(name)) return;
    await this.#attached.get(name);
    this.#attached.delete(name);
    await this.#duck.run(`DETACH ${name}`);
  }

  /** Drops a file whole; answers the bytes it held. */
  async drop(kind: FileKind, part: string): Promise<number> {
    await this.detach(kind, part);
    const bytes = this.bytes(kind, part);
    const path = this.path(kind, part);
    rmSync(path, { force: true });
    rmSync(`${path}.wal`, { force: true });
    return bytes;
  }

  async #attach(name: string, kind: FileKind, part: string): Promise<string> {
    const path = this.path(kind, part);
    const tables = kind === 'raw' ? rawTables() : minuteTables();
    try {
      await this.#open(name, path, tables);
    } catch (error) {
      if (error instanceof ConfigError || !isDamage(error)) throw asConfigError(path, error);
      await this.#duck.run(`DETACH DATABASE IF EXISTS ${name}`);
      moveAside(path);
      await this.#open(name, path, tables);
    }
    return name;
  }

  async #open(name: string, path: string, tables: readonly TableShape[]): Promise<void> {
    const isNew = !existsSync(path);
    await this.#duck.run(`ATTACH '${path.replaceAll("'", "''")}' AS ${name}`);
    if (!isNew) await this.#assertVersion(name, path);
    for (const statement of layoutStatements(name, tables)) await this.#duck.run(statement);
  }

  async #assertVersion(name: string, path: string): Promise<void> {
    const found = await this.#duck.ask(
      `SELECT count(*) AS n FROM duckdb_tables() WHERE database_name = $1 AND table_name = 'meta'`,
      [name],
    );
    if (Number(found[0]?.n ?? 0) === 0) return;
    const rows = await this.#duck.ask(`SELECT value FROM ${name}.meta WHERE name = 'version'`);
    const version = Number(rows[0]?.value ?? FILE_VERSION);
    if (version <= FILE_VERSION) return;
    await this.#duck.run(`DETACH ${name}`);
    throw new ConfigError(
      `${path} was written by a newer version (layout ${version}, this one knows ${FILE_VERSION}): run that version, or move the file aside`,
    );
  }
}

/** True for errors that say the bytes of a file are wrong. */
export function isDamage(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  return /not a valid DuckDB|Could not read enough bytes|[Cc]hecksum|[Cc]orrupt|INTERNAL Error|Serialization Error|replaying WAL/.test(
    message,
  );
}

function asConfigError(path: string, error: unknown): unknown {
  if (error instanceof ConfigError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/set lock on file|being used by another process/i.test(message)) {
    return new ConfigError(`${path} is in use by another process: stop it, then start again`);
  }
  if (/newer (version|DuckDB)|storage version/i.test(message)) {
    return new ConfigError(
      `${path} was written by a newer DuckDB: run the newer version of the collector`,
    );
  }
  return error;
}

function moveAside(path: string): void {
  let number = 1;
  while (existsSync(`${path}.damaged-${number}`)) number += 1;
  renameSync(path, `${path}.damaged-${number}`);
  if (existsSync(`${path}.wal`)) renameSync(`${path}.wal`, `${path}.wal.damaged-${number}`);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
