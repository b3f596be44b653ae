import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  nearest,
  regionLimits,
  type Bounded,
  type RegionDiff,
  type RegionProblem,
  type RegionWarning,
} from '@ppe-pulse/protocol';
import { languages, remarkLine, type Language } from '@ppe-pulse/protocol/texts';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';
import { changeLine, countsLine } from '../region/diff-lines.ts';
import type { ImportOutcome } from '../region/region-import.ts';
import type { ImportFile } from '../region/raw-table.ts';
import { SAMPLE_PPE_MAX } from '../region/sample-region.ts';
import { csvTemplate, templateTables, xlsxTemplate } from '../region/template.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import { openRegistry } from './open-registry.ts';
import { UsageError } from './usage-error.ts';
import type { CliWorld } from './world.ts';

/** Flags of `registry` beside those of all commands. */
export interface RegistryFlags extends Flags {
  readonly dryRun?: unknown;
  readonly ppe?: unknown;
  readonly seed?: unknown;
  readonly replace?: unknown;
  readonly language?: unknown;
}

const verbs = ['import', 'template', 'sample'] as const;
const SAMPLE_PPE = 100;

/** `registry import FILE…`, `registry template DIR`, `registry sample`. Exit 78 for bad files. */
export async function registryCommand(
  verb: string,
  files: readonly (string | number)[],
  flags: RegistryFlags,
  world: CliWorld,
): Promise<number> {
  const names = files.map(String);
  switch (verb) {
    case 'import':
      return importFiles(names, flags, world);
    case 'template':
      return writeTemplates(names, flags, world);
    case 'sample':
      return putSample(flags, world);
    default: {
      const guess = nearest(verb, verbs);
      const hint = guess === undefined ? verbs.join(', ') : `did you mean "${guess}"?`;
      throw new UsageError(`unknown command "registry ${verb}": ${hint}`);
    }
  }
}

async function importFiles(
  names: readonly string[],
  flags: RegistryFlags,
  world: CliWorld,
): Promise<number> {
  if (names.length === 0) throw new UsageError('registry import needs the files: CSV or XLSX');
  const language = languageOf(flags.language);
  const files = readFiles(names);
  const registry = openRegistry(configOf(flags, world.env).dataDir);
  try {
    const checked = await registry.check(files);
    const outcome =
      checked.kind === 'checked' && flags.dryRun !== true
        ? await registry.apply(files, checked.baseVersion)
        : checked;
    if (flags.json === true) world.out(JSON.stringify(outcome));
    else for (const line of linesOf(outcome, language)) world.out(line);
    if (outcome.kind === 'refused') return exitCodes.config;
    return outcome.kind === 'checked' || outcome.kind === 'applied'
      ? exitCodes.ok
      : exitCodes.failed;
  } finally {
    registry.close();
  }
}

/** Sizes are asked before the bytes: a wrong file may be of any size. */
function readFiles(names: readonly string[]): ImportFile[] {
  try {
    const bytes = names.reduce((sum, name) => sum + statSync(name).size, 0);
    if (bytes > regionLimits.filesBytes)
      throw new ConfigError(
        `${names.join(', ')}: ${bytes} bytes, and an import takes ${regionLimits.filesBytes} at most`,
      );
    return names.map((name) => ({ name: basename(name), bytes: readFileSync(name) }));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${names.join(', ')}: cannot be read (${codeOf(error)})`);
  }
}

function linesOf(outcome: ImportOutcome, language: Language): string[] {
  switch (outcome.kind) {
    case 'refused':
      return [
        ...remarkLines('error', outcome.problems, language),
        ...remarkLines('warning', outcome.warnings, language),
        `nothing was imported: ${outcome.problems.total} problems`,
      ];
    case 'checked':
    case 'applied': {
      const done =
        outcome.kind === 'applied'
          ? `applied as version ${outcome.version}`
          : `would change version ${outcome.baseVersion}`;
      return [
        ...remarkLines('warning', outcome.warnings, language),
        ...diffLines(outcome.diff),
        `${done}: ${countsLine(outcome.diff)}`,
      ];
    }
    case 'moved':
      return [`the registry is of version ${outcome.version} meanwhile: import again`];
    case 'busy':
      return ['another import is being read: try again'];
  }
}

function remarkLines(
  word: string,
  { total, listed }: Bounded<RegionProblem | RegionWarning>,
  language: Language,
): string[] {
  const lines = listed.map((each) => `${word}: ${remarkLine(each, language)}`);
  return total > listed.length ? [...lines, `${word}: … and ${total - listed.length} more`] : lines;
}

function diffLines({ changes }: RegionDiff): string[] {
  const lines = changes.listed.map((change) => `  ${changeLine(change)}`);
  const more = changes.total - changes.listed.length;
  return more > 0 ? [...lines, `  … and ${more} more`] : lines;
}

function writeTemplates(
  [directory, ...more]: readonly string[],
  flags: RegistryFlags,
  world: CliWorld,
): number {
  if (directory === undefined || more.length > 0)
    throw new UsageError('registry template needs one folder to write into');
  const files: [string, string | Uint8Array][] = [
    ['registry.xlsx', xlsxTemplate()],
    ...templateTables.map((table): [string, string] => [`${table}.csv`, csvTemplate(table)]),
  ];
  const written = files.map(([name, content]) => {
    const path = join(directory, name);
    try {
      mkdirSync(directory, { recursive: true });
      // Somebody's filled-in list is not written over.
      writeFileSync(path, content, { flag: 'wx' });
    } catch (error) {
      throw new ConfigError(`${path}: cannot be written (${codeOf(error)}): name a new folder`);
    }
    return path;
  });
  if (flags.json === true) world.out(JSON.stringify({ files: written }));
  else for (const path of written) world.out(path);
  return exitCodes.ok;
}

async function putSample(flags: RegistryFlags, world: CliWorld): Promise<number> {
  const ppe = wholeOf('--ppe', flags.ppe ?? SAMPLE_PPE, [1, SAMPLE_PPE_MAX]);
  const seed = wholeOf('--seed', flags.seed ?? 1, [0, 2 ** 31]);
  const registry = openRegistry(configOf(flags, world.env).dataDir);
  try {
    const { version } = await registry.sample({ ppe, seed, replace: flags.replace === true });
    world.out(
      flags.json === true
        ? JSON.stringify({ version, ppe, seed })
        : `an invented region of ${ppe} ППЭ is the registry now, version ${version}`,
    );
    return exitCodes.ok;
  } finally {
    registry.close();
  }
}

function wholeOf(name: string, value: unknown, [from, to]: readonly [number, number]): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to)
    return value;
  throw new UsageError(`${name} needs a whole number from ${from} to ${to}`);
}

function languageOf(value: unknown): Language {
  const language = languages.find((each) => each === (value ?? 'en'));
  if (language === undefined) throw new UsageError(`--language needs ${languages.join(' or ')}`);
  return language;
}
