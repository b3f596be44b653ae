import { chmodSync, existsSync } from 'node:fs';
import { ConfigError } from '../config-error.ts';
import { isDamaged, openDatabase, type StateDatabase } from './database.ts';
import { migrations } from './schema.ts';

/** Opens the state database and brings it to this version's schema. */
export function openState(path: string): StateDatabase {
  try {
    const database = openDatabase(path);
    prepare(path, database);
    closeToOthers(path);
    return database;
  } catch (error) {
    if (!isDamaged(error)) throw error;
    throw new ConfigError(
      `${path} is damaged: move it aside and restore the newest backup with "ppe-collector restore DIR --data FOLDER"; heartbeats already stored are not touched by this`,
    );
  }
}

/** Opens the state database of another process, to read: nothing in it becomes this version's. */
export function openToRead(path: string): StateDatabase {
  const database = openDatabase(path);
  try {
    const version = schemaVersion(database);
    if (version === migrations.length) return database;
    throw new ConfigError(
      `${path} is of another version (schema ${version}, this one knows ${migrations.length}): use the command of the collector that wrote it`,
    );
  } catch (error) {
    database.close();
    if (!isDamaged(error)) throw error;
    throw new ConfigError(`${path} is damaged, or no state of a collector`);
  }
}

/** Hashes of passwords and secrets of second factors stand in there. */
function closeToOthers(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`])
    if (existsSync(file)) chmodSync(file, 0o600);
}

function prepare(path: string, database: StateDatabase): void {
  database.exec('PRAGMA journal_mode=WAL');
  // A power cut must not take back what was acked or audited.
  database.exec('PRAGMA synchronous=FULL');
  database.exec('PRAGMA foreign_keys=ON');
  const version = schemaVersion(database);
  if (version > migrations.length) {
    database.close();
    throw new ConfigError(
      `${path} was written by a newer version (schema ${version}, this one knows ${migrations.length}): run that version, or restore a backup into another folder`,
    );
  }
  if (!quickCheckPasses(database)) {
    database.close();
    throw Object.assign(new Error('quick_check failed'), { code: 'SQLITE_CORRUPT' });
  }
  for (let next = version; next < migrations.length; next += 1) {
    database.transaction(() => {
      database.exec(migrations[next] ?? '');
      database.exec(`PRAGMA user_version=${next + 1}`);
    });
  }
}

function schemaVersion(database: StateDatabase): number {
  return Number(database.all('SELECT user_version AS v FROM pragma_user_version')[0]?.v ?? 0);
}

function quickCheckPasses(database: StateDatabase): boolean {
  return (
    database.all('SELECT quick_check AS result FROM pragma_quick_check(1)')[0]?.result === 'ok'
  );
}
