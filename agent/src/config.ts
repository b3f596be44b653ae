import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, parse as parsePath, resolve } from 'node:path';
import { defaultThresholds, idOf, idPatterns, MAX_DEVICES, modes } from '@ppe-pulse/protocol';
import { maskSecrets, resolveSettings } from '@ppe-pulse/protocol/settings';
import { Type, type Static } from '@ppe-pulse/protocol/schema';
import { parse } from 'yaml';
import { ConfigError } from './config-error.ts';
import { withEnrolment } from './enrolment/enrolled-settings.ts';
import { readEnrolment } from './enrolment/enrolment-record.ts';
import { CameraSchema } from './probes/camera/camera-config.ts';
import { LineSchema } from './probes/line-config.ts';
import { PowerSchema } from './probes/power/power-probe.ts';
import { PrinterSchema } from './probes/printer/printer-config.ts';
import { ScannerSchema } from './probes/scanner/scanner-config.ts';
import { SoftwareSchema } from './probes/software/software-probe.ts';
import { SoundSchema } from './probes/sound/sound-probe.ts';
import { codeOf } from './platform/errors.ts';
import { tlsOptions, type Trust, type VerifiedTls } from './link/trust.ts';
import { RelaySchema, type RelayConfig } from './relay/relay-config.ts';
import { BudgetSchema } from './service/budget-config.ts';

const limitsSchema = Type.Object(
  Object.fromEntries(
    Object.keys(defaultThresholds).map((name) => [
      name,
      Type.Optional(Type.Number({ minimum: 0 })),
    ]),
  ),
  { default: {} },
);

/** Everything of `agent.yaml`. */
export const AgentConfigSchema = Type.Object({
  collector: Type.Object(
    {
      /** Where the collector is; the path of the socket is the protocol's. */
      url: Type.String({ pattern: '^wss?://[^/@\\s]+/?$', default: 'ws://127.0.0.1:8080' }),
      /** Pinned Ed25519 key of the collector (base64url): the agent talks to no other. */
      publicKey: Type.Optional(Type.String({ pattern: idPatterns.publicKey })),
      /** PEM text of the authorities to believe instead of the system's, for `wss`. */
      ca: Type.Optional(
        Type.String({ pattern: '^-----BEGIN CERTIFICATE-----', maxLength: 20_000 }),
      ),
      /** Public keys of which one must stand in the certificate's chain; empty pins nothing. */
      pins: Type.Array(Type.String({ pattern: '^sha256/[A-Za-z0-9+/]{43}=$' }), {
        default: [],
        maxItems: 8,
      }),
      /** Code of the ППЭ whose relay `url` is: then `publicKey` is still the collector's. */
      relayOf: Type.Optional(idOf('siteCode')),
      /** The collector shows an operator's certificate: beside `ca` the system's are believed, without pins. */
      systemRoots: Type.Boolean({ default: false }),
    },
    { default: {} },
  ),
  /** Folder for the key, the journal and the status; relative to the configuration's own folder. */
  dataDir: Type.String({ minLength: 1, default: './data' }),
  log: Type.Object(
    { level: Type.Enum(['trace', 'debug', 'info', 'warn', 'error'], { default: 'info' }) },
    { default: {} },
  ),
  /** Disk that the exam program writes to; the default is the one of the data folder. */
  disk: Type.Object({ path: Type.Optional(Type.String({ minLength: 1 })) }, { default: {} }),
  /** The process to watch: the exam program. None: the check does not apply. */
  app: Type.Object(
    {
      pid: Type.Optional(Type.Integer({ minimum: 1 })),
      pidFile: Type.Optional(Type.String({ minLength: 1 })),
    },
    { default: {} },
  ),
  /**
   * What is kept for a collector that is not reached. 256 MiB hold 72 hours at 5 s of the longest
   * heartbeats that there are; over a bound the oldest that is no event goes first.
   */
  journal: Type.Object(
    {
      maxBytes: Type.Integer({ default: 268_435_456, minimum: 1_000_000 }),
      maxAgeDays: Type.Number({ default: 14, minimum: 1, maximum: 366 }),
    },
    { default: {} },
  ),
  /** `prep` measures everything; `quiet` nothing active; `off` nothing. The plan may only lower it. */
  mode: Type.Enum([...modes], { default: 'prep' }),
  /** The relay of a Штаб for the workstations of its ППЭ. */
  relay: RelaySchema,
  /** The page of this workstation, on this PC only; where a relay runs, that one's page stands there. */
  page: Type.Object(
    {
      /** Missing: where the agent is installed. */
      enabled: Type.Optional(Type.Boolean()),
      port: Type.Integer({ minimum: 0, maximum: 65_535, default: 8_087 }),
    },
    { default: {} },
  ),
  /** Printers of this workstation. Missing: the queues of this PC's own spooler. */
  printers: Type.Optional(Type.Array(PrinterSchema, { maxItems: 8 })),
  /** Scanners of this workstation. */
  scanners: Type.Array(ScannerSchema, { maxItems: 4, default: [] }),
  /** Cameras that this workstation watches; a `video` PC has those of 25 rooms. */
  cameras: Type.Array(CameraSchema, { maxItems: MAX_DEVICES, default: [] }),
  sound: Type.Optional(SoundSchema),
  /** The UPS; the batteries that the system itself knows need no configuration. */
  power: PowerSchema,
  /** Programs that the exam needs. Empty: the check does not apply. */
  software: SoftwareSchema,
  /** The zone of the ППЭ, such as `Asia/Novokuznetsk`. Missing: the PC's zone is not judged. */
  timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  /** Tests that a person may start with `ppe-agent test`: a closed list, empty by default. */
  tests: Type.Object(
    { allow: Type.Array(Type.Enum(['scan', 'sound']), { default: [] }) },
    { default: {} },
  ),
  /** Portals, the reserve route, isolation, a time server, the rehearsal download. */
  line: LineSchema,
  budget: BudgetSchema,
  /** When the inventory of the PC is read again (cron, local time); empty means at start only. */
  inventory: Type.Object({ cron: Type.String({ default: '17 3 * * *' }) }, { default: {} }),
  /** Limits of the checks. The rehearsal's plan wins over them… */
  thresholds: limitsSchema,
  /** …and this wins over the plan: what holds for this PC alone. */
  override: Type.Object({ thresholds: limitsSchema }, { default: {} }),
});
export type AgentConfig = Static<typeof AgentConfigSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and validates a configuration; what it does not say of the collector the enrolment of this PC
 * does. Throws a `ConfigError` that names the file and the key.
 */
export function loadConfig(path: string, env: Environment): AgentConfig {
  const file = readYaml(path, env);
  const alone = settledConfig(path, file, env);
  const enrolled = readEnrolment(alone.dataDir);
  return enrolled ? settledConfig(path, withEnrolment(file, enrolled), env) : alone;
}

/** What the file alone says: for a PC that is being enrolled. */
export function loadConfigAlone(path: string, env: Environment): AgentConfig {
  return settledConfig(path, readYaml(path, env), env);
}

function settledConfig(path: string, file: unknown, env: Environment): AgentConfig {
  const outcome = resolveSettings<AgentConfig>(AgentConfigSchema, {
    file,
    env,
    envPrefix: 'PPE_PULSE_',
  });
  if (!outcome.ok) throw new ConfigError(`${path}: ${outcome.problems.join('; ')}`);
  const config = outcome.settings;
  assertAddresses(path, config);
  const dataDir = resolve(dirname(resolve(path)), config.dataDir);
  const relay = withPageDir(config.relay, dirname(resolve(path)));
  return { ...config, dataDir, relay, disk: { path: config.disk.path ?? parsePath(dataDir).root } };
}

/** Whom this workstation connects to. Throws a `ConfigError` when it was never told. */
export function trustOf(config: AgentConfig): Trust {
  const { url, ca, pins, relayOf, systemRoots } = config.collector;
  const publicKey = pinnedKey(config);
  // The authority vouches for a relay's own key.
  return {
    url,
    publicKey: relayOf === undefined ? publicKey : undefined,
    caPem: ca,
    pins,
    relayOf,
    systemRoots,
  };
}

/** How the listener at `collector.url` is known over TLS; also before this workstation is enrolled. */
export function tlsTo({ collector }: Pick<AgentConfig, 'collector'>): VerifiedTls {
  const { ca, pins, relayOf, systemRoots } = collector;
  return tlsOptions({ caPem: ca, pins, relayOf, systemRoots });
}

/** Of the collector, or of the relay that this workstation is a member of. Throws without one. */
export function pinnedKey({ collector: { publicKey } }: AgentConfig): string {
  if (publicKey === undefined)
    throw new ConfigError('collector.publicKey is missing: enrol this workstation first');
  return publicKey;
}

/** Relative to the configuration's own folder, as `dataDir`. */
function withPageDir(relay: RelayConfig, folder: string): RelayConfig {
  const { dir } = relay.page;
  return dir === undefined
    ? relay
    : { ...relay, page: { ...relay.page, dir: resolve(folder, dir) } };
}

/** What a pattern cannot say: a port over 65,535, a host that is none. The address is not repeated. */
function assertAddresses(path: string, config: AgentConfig): void {
  const addresses: readonly (readonly [string, string | undefined])[] = [
    ['collector.url', config.collector.url],
    ['line.emDownload.url', config.line.emDownload?.url],
    ...(config.printers ?? []).map(({ ipp }, at) => [`printers.${at}.ipp`, ipp] as const),
    ...config.scanners.map(({ escl }, at) => [`scanners.${at}.escl`, escl] as const),
    ...config.cameras.map(({ url }, at) => [`cameras.${at}.url`, url] as const),
  ];
  for (const [key, address] of addresses) {
    // A scheme that URL does not know takes any port.
    const known = address?.replace(/^[a-z]+:/, 'http:');
    if (known !== undefined && !URL.canParse(known))
      throw new ConfigError(`${path}: ${key} is not an address: check its host and port`);
  }
}

/**
 * The copy of the settings that systemd hands over to the service (LoadCredential=): root alone reads
 * the file itself, since passwords of cameras may stand in it.
 */
function handedOver({ CREDENTIALS_DIRECTORY: folder }: Environment): string | undefined {
  const copy = folder === undefined ? undefined : join(folder, 'agent.yaml');
  return copy !== undefined && existsSync(copy) ? copy : undefined;
}

/** The effective configuration for people. */
export function printableConfig(config: AgentConfig): unknown {
  return maskSecrets(AgentConfigSchema, config);
}

function readYaml(path: string, env: Environment): unknown {
  let text: string;
  try {
    text = readFileSync(handedOver(env) ?? path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    // Windows' own word for it is EPERM.
    const isClosed = code === 'EACCES' || code === 'EPERM';
    const next = isClosed ? 'only an administrator may (sudo)' : 'pass --config FILE';
    throw new ConfigError(`${path}: cannot be read (${code}); ${next}`);
  }
  try {
    return parse(text) ?? {};
  } catch (error) {
    const line = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw new ConfigError(`${path}: not YAML: ${line}`);
  }
}
