import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { MANIFEST_FILE, type BackupManifest } from '../backup/backup.ts';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import type { CliWorld } from './world.ts';

const ManifestSchema = Type.Object({
  product: Type.Literal('ppe-pulse'),
  layout: Type.Literal(1),
  collectorId: Type.String(),
  series: Type.Enum(['duckdb', 'influx']),
  at: Type.String(),
  files: Type.Array(
    Type.Object({
      path: Type.String({ pattern: '^[A-Za-z0-9._/-]{1,200}$' }),
      bytes: Type.Integer({ minimum: 0 }),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
  ),
});

/**
 * `ppe-collector restore DIR`: every file is held against the manifest before anything is written;
 * the target must be missing or empty, so a running collector's folder is never touched.
 */
export async function restoreCommand(
  directory: string,
  flags: Flags,
  world: CliWorld,
): Promise<number> {
  const config = configOf(flags, world.env);
  const source = resolve(directory);
  const target = resolve(config.dataDir);
  const manifest = readManifest(source);
  for (const file of manifest.files) verifyFile(source, file);
  refuseUsedTarget(target);
  makeTarget(target);
  for (const file of manifest.files) {
    const to = join(target, file.path);
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    cpSync(join(source, file.path), to);
  }
  const summary = { directory: target, files: manifest.files.length, backupAt: manifest.at };
  world.out(
    flags.json === true
      ? JSON.stringify(summary)
      : `restored ${summary.files} files of the backup of ${manifest.at} into ${target}`,
  );
  return exitCodes.ok;
}

function readManifest(source: string): BackupManifest {
  const path = join(source, MANIFEST_FILE);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(
      `${path}: cannot be read (${codeOf(error)}): name the folder that "ppe-collector backup" wrote; a backup that was cut off has no manifest`,
    );
  }
  if (Compile(ManifestSchema).Check(value)) return value;
  throw new ConfigError(`${path} is not a manifest of this version`);
}

function verifyFile(source: string, file: BackupManifest['files'][number]): void {
  const path = resolve(source, file.path);
  if (!path.startsWith(source + sep)) throw new ConfigError(`${file.path} leads out of the backup`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new ConfigError(`${path}: cannot be read (${codeOf(error)}); take another backup`);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== file.sha256) {
    throw new ConfigError(
      `${path} is not what was backed up (its checksum differs); take another backup`,
    );
  }
}

function refuseUsedTarget(target: string): void {
  if (!existsSync(target) || readdirSync(target).length === 0) return;
  throw new ConfigError(
    `data folder ${target} is not empty: stop the collector, move the folder aside, or name another with --data`,
  );
}

/** A service's own user may not make its data folder anew below /var/lib: that takes root. */
function makeTarget(target: string): void {
  try {
    mkdirSync(target, { recursive: true, mode: 0o700 });
    accessSync(target, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ConfigError(
      `data folder ${target} cannot be made or written (${codeOf(error)}): make it first, empty and of the user that the collector runs as`,
    );
  }
}
