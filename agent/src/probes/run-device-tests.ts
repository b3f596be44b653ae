import type { Reason } from '@ppe-pulse/protocol';
import { ChildGoneError, QuarantineError, type ProbeHost } from '../child/probe-host.ts';
import { ConfigError } from '../config-error.ts';
import type { AgentConfig } from '../config.ts';
import type { Clock } from '../platform/clock.ts';
import { DeadlineError } from '../platform/deadline.ts';
import { HttpExchange } from '../platform/http-exchange.ts';
import { SILENCE_DECIBELS, type DeviceTest, type TestedThing } from './device-tests.ts';
import { EsclClient } from './scanner/escl-client.ts';
import type { ScannerConfig } from './scanner/scanner-config.ts';

/** What can be tested on demand: a closed list, each off unless `tests.allow` names it. */
export const testableThings = ['scan', 'sound'] as const;
export type TestableThing = (typeof testableThings)[number];

/** Tests by the thing that was tested. */
export type TestResults = readonly (readonly [TestedThing, DeviceTest])[];

/** What tests work with. */
export interface TestParts {
  readonly host: ProbeHost;
  readonly clock: Clock;
}

const SCAN_DEADLINE_MS = 40_000;
const SOUND_DEADLINE_MS = 15_000;
const BUSY_DEADLINE_MS = 4_000;

/**
 * Tests devices of this PC. Throws a `ConfigError` when the thing is not allowed here, not now, or
 * not configured; a device that fails is a result.
 */
export async function runDeviceTests(
  thing: TestableThing,
  config: AgentConfig,
  parts: TestParts,
): Promise<TestResults> {
  if (!config.tests.allow.includes(thing))
    throw new ConfigError(`tests.allow does not name "${thing}": add it to agent.yaml first`);
  if (config.mode !== 'prep')
    throw new ConfigError(`mode is "${config.mode}": devices are tested in mode "prep" only`);
  return thing === 'scan' ? scanAll(config, parts) : listenOnce(config, parts);
}

async function scanAll(config: AgentConfig, parts: TestParts): Promise<TestResults> {
  const results: [TestedThing, DeviceTest][] = [];
  for (const [at, scanner] of config.scanners.entries()) {
    if (scanner.sane === undefined) continue;
    results.push([`scanner ${at + 1}`, await scanOnce(scanner, parts)]);
  }
  if (results.length > 0) return results;
  throw new ConfigError('no scanner has a "sane" device: name it in agent.yaml');
}

/** One short scan, unless the scanner itself says that it is at work: the exam program's scan wins. */
async function scanOnce(scanner: ScannerConfig, { host, clock }: TestParts): Promise<DeviceTest> {
  const { sane: device = '', saneConfigDir } = scanner;
  if (await isScanning(scanner, clock)) return { atMs: clock.wallMs(), reason: 'scannerBusy' };
  const scan = { device, ...(saneConfigDir === undefined ? {} : { saneConfigDir }) };
  try {
    const outcome = await host.run('testScan', scan, SCAN_DEADLINE_MS);
    const atMs = clock.wallMs();
    return outcome.kind === 'scanned'
      ? { atMs, reason: 'ok', tookMs: Math.round(outcome.tookMs) }
      : { atMs, reason: outcome.reason };
  } catch (error) {
    return { atMs: clock.wallMs(), reason: reasonOf(error) };
  }
}

async function isScanning({ escl }: ScannerConfig, clock: Clock): Promise<boolean> {
  if (escl === undefined) return false;
  const exchange = new HttpExchange();
  const look = await new EsclClient(escl, exchange, clock).status(
    AbortSignal.timeout(BUSY_DEADLINE_MS),
  );
  exchange.close();
  return look.kind === 'answered' && look.value.state === 'processing';
}

async function listenOnce(config: AgentConfig, { host, clock }: TestParts): Promise<TestResults> {
  const { server, cookiePath } = config.sound ?? {};
  if (server === undefined)
    throw new ConfigError('sound.server is missing: name the sound server in agent.yaml');
  const address = { address: server, ...(cookiePath === undefined ? {} : { cookiePath }) };
  try {
    const outcome = await host.run('soundLevel', address, SOUND_DEADLINE_MS);
    const atMs = clock.wallMs();
    if (outcome.kind === 'level') {
      const decibels = Math.round(outcome.level.peakDecibels * 10) / 10;
      return [['sound', { atMs, reason: 'ok', decibels }]];
    }
    if (outcome.kind === 'silent')
      return [['sound', { atMs, reason: 'tooQuiet', decibels: SILENCE_DECIBELS }]];
    const reason = outcome.kind === 'noDevice' ? 'noInput' : 'noAnswer';
    return [['sound', { atMs, reason }]];
  } catch (error) {
    return [['sound', { atMs: clock.wallMs(), reason: reasonOf(error) }]];
  }
}

/** The probe child hung, or is not there: what our own code threw is no result. */
function reasonOf(error: unknown): Reason {
  if (error instanceof DeadlineError) return 'probeDeadline';
  if (error instanceof QuarantineError) return 'probeQuarantined';
  if (error instanceof ChildGoneError) return 'probeFailed';
  throw error;
}
