import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { tlsFiles } from '../access/tls-files.ts';
import type { DataDir } from '../data-dir.ts';
import { codeOf } from '../config.ts';
import { segmentFilesIn } from '../replay/segments.ts';
import type { BackupFile, SeriesStore } from '../series/store.ts';
import type { StateDatabase } from '../state/database.ts';
import { UPDATE_ROOT_FILE } from '../updates/update-root-file.ts';

/** What a backup folder says of itself. */
export interface BackupManifest {
  readonly product: 'ppe-pulse';
  readonly layout: 1;
  readonly collectorId: string;
  readonly series: SeriesStore['kind'];
  /** RFC 3339. */
  readonly at: string;
  readonly files: readonly BackupFile[];
}

/** Outcome of a backup: a wrong folder is the caller's fault, and a value. */
export type BackupOutcome =
  | { readonly kind: 'done'; readonly directory: string; readonly manifest: BackupManifest }
  | { readonly kind: 'refused'; readonly reason: string };

/** Writes consistent copies while the collector runs. */
export interface Backup {
  /** `directory` must be missing or empty. */
  write(directory: string, nowMs: number): Promise<BackupOutcome>;
}

export const MANIFEST_FILE = 'manifest.json';
/** Files of the data folder that a backup holds beside the stores. */
const PLAIN_FILES = ['layout.json', 'collector.key', 'admin.token'] as const;
/**
 * And those that not every collector has. Without its authority a restored one could show no certificate
 * that the agents of its region believe: all of them would have to be enrolled anew.
 */
const OWN_FILES: readonly string[] = [
  ...Object.values(tlsFiles).map((name) => `tls/${name}`),
  UPDATE_ROOT_FILE,
];

/** What is copied from. */
export interface BackupSources {
  readonly dataDir: DataDir;
  readonly database: StateDatabase;
  readonly series: SeriesStore;
  readonly collectorId: string;
}

/** Backups of one collector. */
export function createBackup(sources: BackupSources): Backup {
  return {
    write: async (directory, nowMs) => {
      const target = resolve(directory);
      const refusal = await refuseTarget(target);
      if (refusal !== undefined) return { kind: 'refused', reason: refusal };
      // The state first: a workstation in the series is then always known to the state.
      sources.database.run('VACUUM INTO ?', join(target, 'state.sqlite'));
      for (const name of PLAIN_FILES) {
        await copyFile(join(sources.dataDir.path, name), join(target, name));
      }
      await mkdir(join(target, 'series'));
      const series = await sources.series.backup(join(target, 'series'));
      const plain = await Promise.all(
        ['state.sqlite', ...PLAIN_FILES].map((name) => describeFile(target, name)),
      );
      const own = await copyPresent(OWN_FILES, sources.dataDir.path, target);
      const films = await copySegments(sources.dataDir.path, target);
      const files = [
        ...plain,
        ...own,
        ...films,
        ...series.map((file) => ({ ...file, path: `series/${file.path}` })),
      ];
      const manifest: BackupManifest = {
        product: 'ppe-pulse',
        layout: 1,
        collectorId: sources.collectorId,
        series: sources.series.kind,
        at: new Date(nowMs).toISOString(),
        files,
      };
      // Written last: a folder without it is not a backup.
      await writeFile(join(target, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
      return { kind: 'done', directory: target, manifest };
    },
  };
}

/** The one that is written is copied as far as it goes: it ends there when it is restored. */
async function copySegments(from: string, target: string): Promise<BackupFile[]> {
  // It may get its name for good, or be the oldest and go, in this very moment.
  return copyPresent(await segmentFilesIn(from), from, target);
}

/** Copies those that are there, and describes them. */
async function copyPresent(
  paths: readonly string[],
  from: string,
  target: string,
): Promise<BackupFile[]> {
  const copied: BackupFile[] = [];
  for (const path of paths) {
    try {
      // A folder is made for what is there, and for nothing else.
      await access(join(from, path));
      await mkdir(dirname(join(target, path)), { recursive: true, mode: 0o700 });
      await copyFile(join(from, path), join(target, path));
      copied.push(await describeFile(target, path));
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
  return copied;
}

/** Size and SHA-256 of a file below `directory`. */
export async function describeFile(directory: string, path: string): Promise<BackupFile> {
  const bytes = await readFile(join(directory, path));
  return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function refuseTarget(target: string): Promise<string | undefined> {
  try {
    await mkdir(target, { recursive: true, mode: 0o700 });
    if ((await readdir(target)).length === 0) return undefined;
    return `${target} is not empty: name a new folder`;
  } catch (error) {
    return `${target} cannot be written (${codeOf(error)})`;
  }
}
