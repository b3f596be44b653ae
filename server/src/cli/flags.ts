import {
  assertMayListen,
  loadConfig,
  type CollectorConfig,
  type ConfigOverrides,
} from '../config.ts';
import { UsageError } from './usage-error.ts';

/** Flags as `cac` hands them over: numbers where they look like numbers. */
export interface Flags {
  readonly config?: unknown;
  readonly data?: unknown;
  readonly port?: unknown;
  readonly host?: unknown;
  readonly board?: unknown;
  readonly insecure?: unknown;
  readonly rehearsalStart?: unknown;
  readonly rehearsalSpeed?: unknown;
  readonly printConfig?: unknown;
  readonly json?: unknown;
}

/** The effective configuration: flags over environment over file over defaults. */
export function configOf(
  flags: Flags,
  env: Readonly<Record<string, string | undefined>>,
): CollectorConfig {
  const overrides: { -readonly [K in keyof ConfigOverrides]: ConfigOverrides[K] } = {};
  const host = textOf('--host', flags.host);
  const data = textOf('--data', flags.data);
  const board = textOf('--board', flags.board);
  const port = portOf(flags.port);
  if (host !== undefined) overrides.host = host;
  if (data !== undefined) overrides.dataDir = data;
  if (board !== undefined) overrides.boardDir = board;
  if (port !== undefined) overrides.port = port;
  if (flags.insecure === true) overrides.insecure = true;
  const startAt = textOf('--rehearsal-start', flags.rehearsalStart);
  if (startAt !== undefined)
    overrides.rehearsal = { startAt, speed: speedOf(flags.rehearsalSpeed) };
  return loadConfig(textOf('--config', flags.config), env, overrides);
}

/** The same for who listens by it, or looks whether one could. */
export function listeningConfigOf(...given: Parameters<typeof configOf>): CollectorConfig {
  const config = configOf(...given);
  assertMayListen(textOf('--config', given[0].config) ?? 'configuration', config);
  return config;
}

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && value !== '') return value;
  throw new UsageError(`${name} needs one value`);
}

function speedOf(value: unknown): number {
  const speed = value === undefined ? 1 : value;
  if (typeof speed === 'number' && speed >= 0.1 && speed <= 3_600) return speed;
  throw new UsageError('--rehearsal-speed needs a number from 0.1 to 3600');
}

function portOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const port = typeof value === 'number' ? value : Number.NaN;
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError('--port needs a whole number from 0 to 65535');
}
