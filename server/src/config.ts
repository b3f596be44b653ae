import { readFileSync } from 'node:fs';
import { defaultClosedHours, isLoopback, limits } from '@ppe-pulse/protocol';
import { Secret, maskSecrets, resolveSettings } from '@ppe-pulse/protocol/settings';
import { Type, type Static } from 'typebox';
import { servedFiles } from './access/tls-files.ts';
import { ConfigError } from './config-error.ts';
import { updateLimits } from './updates/update-limits.ts';
import { parseYaml } from './yaml.ts';

const TIME_OF_DAY = '^([01][0-9]|2[0-3]):[0-5][0-9]$';
const timeOfDay = (value: string) => Type.String({ pattern: TIME_OF_DAY, default: value });

/** Everything of `collector.yaml`. Each key has a default; the environment wins over the file. */
export const CollectorConfigSchema = Type.Object({
  /** Address to listen on. Anything but loopback needs TLS, or `insecure`. */
  host: Type.String({ default: '127.0.0.1', minLength: 1 }),
  port: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535 }),
  insecure: Type.Boolean({ default: false }),
  /**
   * PEM files of the operator's own certificate (with its chain) and its key. Empty: those that
   * `ppe-collector tls init` made in the data folder, if it did.
   */
  tls: Type.Object(
    { certificate: Type.String({ default: '' }), key: Type.String({ default: '' }) },
    { default: {} },
  ),
  dataDir: Type.String({ default: './data/collector', minLength: 1 }),
  /** Folder of the built board; empty serves no board. */
  boardDir: Type.String({ default: '' }),
  /** Default zone of ППЭ: the region's. */
  timeZone: Type.String({ default: 'Asia/Novokuznetsk', minLength: 1 }),
  log: Type.Object(
    { level: Type.Enum(['trace', 'debug', 'info', 'warn', 'error'], { default: 'info' }) },
    { default: {} },
  ),
  agents: Type.Object(
    {
      intervalMs: Type.Integer({
        default: limits.heartbeatIntervalMs,
        minimum: limits.heartbeatIntervalMinMs,
        maximum: limits.heartbeatIntervalMaxMs,
      }),
      backlogPerSecond: Type.Integer({
        default: limits.backlogPerSecond,
        minimum: 1,
        maximum: 10_000,
      }),
    },
    { default: {} },
  ),
  enrolment: Type.Object(
    {
      /**
       * Where agents find this collector, `wss://host:port`; written into enrolment files. Empty: the
       * address that it listens at, where that is one.
       */
      urls: Type.Array(Type.String({ pattern: '^wss?://[^/@\\s]+/?$', maxLength: 300 }), {
        default: [],
        maxItems: 8,
      }),
    },
    { default: {} },
  ),
  selfCheck: Type.Object(
    {
      /**
       * `host:port` that must answer when this collector's line works, asked before many
       * workstations are called silent. Empty: the resolvers of this machine.
       */
      hosts: Type.Array(Type.String({ pattern: '^[^\\s/@]+$' }), { default: [], maxItems: 8 }),
    },
    { default: {} },
  ),
  series: Type.Object(
    {
      store: Type.Enum(['duckdb', 'influx'], { default: 'duckdb' }),
      rawDays: Type.Integer({ default: 14, minimum: 1, maximum: 3_650 }),
      minuteDays: Type.Integer({ default: 366, minimum: 1, maximum: 36_500 }),
      diskBudgetBytes: Type.Integer({ default: 20_000_000_000, minimum: 50_000_000 }),
      influx: Type.Object(
        {
          url: Type.String({ default: 'http://127.0.0.1:8086', pattern: '^https?://[^/@]+/?$' }),
          database: Type.String({ default: 'ppe_pulse', pattern: '^[A-Za-z0-9_]{1,64}$' }),
          username: Type.String({ default: '' }),
          password: Secret({ default: '' }),
          bufferBytes: Type.Integer({ default: 1_000_000_000, minimum: 1_000_000 }),
        },
        { default: {} },
      ),
    },
    { default: {} },
  ),
  /** The film of what boards were shown: the oldest goes first when it is too old or too much. */
  replay: Type.Object(
    {
      days: Type.Integer({ default: 14, minimum: 1, maximum: 3_650 }),
      diskBudgetBytes: Type.Integer({ default: 5_000_000_000, minimum: 1_000_000 }),
    },
    { default: {} },
  ),
  throughput: Type.Object(
    {
      /** One probe a ППЭ in this many minutes; 0 switches probes off. */
      everyMinutes: Type.Number({ default: 10, minimum: 0, maximum: 1_440 }),
      concurrent: Type.Integer({ default: 2, minimum: 1, maximum: 100 }),
      maxBytes: Type.Integer({
        default: limits.throughputBytes,
        minimum: 10_000,
        maximum: limits.throughputBytes,
      }),
      /** No probe between these local times: the key and the print run need the line. */
      closedFrom: timeOfDay(defaultClosedHours.closedFrom),
      closedTo: timeOfDay(defaultClosedHours.closedTo),
    },
    { default: {} },
  ),
  /** A day that is played and not lived: its clock starts with the collector. Shown on the board. */
  rehearsal: Type.Object(
    {
      /** RFC 3339 with its offset, such as 2024-05-15T06:30+07:00; empty: the rehearsal is now. */
      startAt: Type.String({ default: '' }),
      speed: Type.Number({ default: 1, minimum: 0.1, maximum: 3_600 }),
    },
    { default: {} },
  ),
  /** Rehearsals of the download of exam materials. */
  emDownload: Type.Object(
    {
      /** What all downloads together may take of this collector's line; 0 for no ceiling. */
      maxBytesPerSecond: Type.Number({ default: 0, minimum: 0 }),
      /** Served at the same time; the rest ask again. */
      concurrent: Type.Integer({ default: 500, minimum: 1, maximum: 10_000 }),
    },
    { default: {} },
  ),
  /** New versions of the agent over the link, see `updates/update-limits.ts`. */
  updates: Type.Object(
    {
      /** File with the keys whose bundles are taken; empty: `updates.root` in the data folder. */
      root: Type.String({ default: '' }),
      /** Agents that fetch from this collector at once. */
      concurrent: Type.Integer({ default: updateLimits.concurrent, minimum: 1, maximum: 1_000 }),
      /** What all downloads together may take of this collector's line. */
      bytesPerSecond: Type.Integer({ default: updateLimits.bytesPerSecond, minimum: 1_000 }),
      /** Agents of a stage begin at their own moment within this time. */
      jitterSeconds: Type.Number({
        default: updateLimits.jitterMs / 1_000,
        minimum: 0,
        maximum: 86_400,
      }),
      /** A stage pauses by itself when more of those that got it rolled back or fell silent. */
      troublePercent: Type.Number({
        default: updateLimits.troubleShare * 100,
        minimum: 0,
        maximum: 100,
      }),
    },
    { default: {} },
  ),
  alerts: Type.Object(
    {
      /** Address of the board as people open it, for links in messages; empty: none. */
      boardUrl: Type.String({ default: '', pattern: '^(https?://[^\\s/@?#]+/?)?$' }),
    },
    { default: {} },
  ),
  access: Type.Object(
    {
      /** `required`: an admin without a second factor may do nothing but set one up. */
      totp: Type.Enum(['optional', 'required'], { default: 'optional' }),
    },
    { default: {} },
  ),
  /** People may sign in by a provider (OpenID Connect); their accounts must be here already. */
  oidc: Type.Object(
    {
      /** Empty: none. Plain HTTP is taken on this machine only. */
      issuer: Type.String({ default: '', pattern: '^(https?://[^\\s@?#]+)?$' }),
      clientId: Type.String({ default: '', maxLength: 200 }),
      clientSecret: Secret({ default: '' }),
      /** Of the ID token: the name of the account here. */
      claim: Type.String({
        default: 'preferred_username',
        pattern: '^[A-Za-z_][A-Za-z0-9_.:/-]{0,99}$',
      }),
      /** What people read on the button. */
      label: Type.String({ default: 'OIDC', maxLength: 60 }),
    },
    { default: {} },
  ),
  /** When closed days are sorted, rolled up and old ones dropped (cron, UTC). */
  maintenance: Type.Object({ cron: Type.String({ default: '30 1 * * *' }) }, { default: {} }),
});
export type CollectorConfig = Static<typeof CollectorConfigSchema>;

/** Flags of the command line that win over everything. */
export type ConfigOverrides = Partial<
  Pick<CollectorConfig, 'host' | 'port' | 'dataDir' | 'boardDir' | 'insecure' | 'rehearsal'>
>;

/**
 * Reads, merges and validates. `path` undefined reads no file. Throws a `ConfigError` that names
 * the file and every wrong key.
 */
export function loadConfig(
  path: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  overrides: ConfigOverrides,
): CollectorConfig {
  const file = path === undefined ? {} : readYaml(path);
  const outcome = resolveSettings<CollectorConfig>(CollectorConfigSchema, {
    file,
    env,
    envPrefix: 'PPE_PULSE_',
  });
  const where = path ?? 'configuration';
  if (!outcome.ok) throw new ConfigError(`${where}: ${outcome.problems.join('; ')}`);
  const config = { ...outcome.settings, ...overrides };
  assertTimeZone(where, config.timeZone);
  simulatedDayOf(where, config);
  assertOidc(where, config.oidc);
  return config;
}

/**
 * Of who listens: nothing may travel in the clear beyond this machine unless somebody said so. Other
 * commands must work without a certificate: to make the first one, and to restore the last.
 */
export function assertMayListen(where: string, config: CollectorConfig): void {
  if (isLoopback(config.host) || config.insecure || servedFiles(config)) return;
  throw new ConfigError(
    `${where}: host "${config.host}" is not loopback and there is no TLS: ` +
      'run "ppe-collector tls init", bind to 127.0.0.1, or pass --insecure to accept that everything travels in the clear',
  );
}

/** The effective configuration with secrets masked. */
export function printableConfig(config: CollectorConfig): unknown {
  return maskSecrets(CollectorConfigSchema, config);
}

/** The day that is played, undefined on a real one. Throws a `ConfigError` for a time that is none. */
export function simulatedDayOf(
  where: string,
  { rehearsal: { startAt, speed } }: Pick<CollectorConfig, 'rehearsal'>,
): { startAtMs: number; speed: number } | undefined {
  if (startAt === '') return undefined;
  const isFull = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(startAt);
  const startAtMs = isFull ? Date.parse(startAt) : Number.NaN;
  if (Number.isFinite(startAtMs)) return { startAtMs, speed };
  throw new ConfigError(
    `${where}: rehearsal.startAt needs a time with its offset, such as 2024-05-15T06:30+07:00`,
  );
}

function assertOidc(where: string, { issuer, clientId }: CollectorConfig['oidc']): void {
  if (issuer === '') return;
  if (!URL.canParse(issuer)) throw new ConfigError(`${where}: oidc.issuer is no address`);
  const { protocol, hostname } = new URL(issuer);
  if (protocol !== 'https:' && !isLoopback(hostname))
    throw new ConfigError(`${where}: oidc.issuer needs https:// beyond this machine`);
  if (clientId === '') throw new ConfigError(`${where}: oidc.clientId is missing`);
}

function assertTimeZone(where: string, timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone }).format(0);
  } catch {
    throw new ConfigError(
      `${where}: timeZone "${timeZone}" is not an IANA zone such as Asia/Novokuznetsk`,
    );
  }
}

function readYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${path}: cannot be read (${codeOf(error)}); pass --config FILE`);
  }
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new ConfigError(`${path}: ${parsed.problem}`);
  return parsed.value ?? {};
}

/** The system's error code of a caught value, for one-line messages. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.code;
  return error instanceof Error ? error.message : String(error);
}
