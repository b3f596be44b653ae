import { ProbeHost } from '../child/probe-host.ts';
import { ConfigError } from '../config-error.ts';
import { loadConfig, type AgentConfig } from '../config.ts';
import { systemClock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import { DeviceTests, type DeviceTest } from '../probes/device-tests.ts';
import { domainTexts } from '@ppe-pulse/protocol/texts';
import { checkExitCodes } from './exit-codes.ts';
import { UsageError, type CliWorld } from './world.ts';

const SCAN_DEADLINE_MS = 40_000;
const SOUND_DEADLINE_MS = 15_000;
const things = ['scan', 'sound'] as const;
type Thing = (typeof things)[number];

/** Flags of `test`. */
export interface TestFlags {
  readonly config: string;
  readonly json?: boolean;
}

/**
 * `ppe-agent test scan|sound`: one short scan of every scanner, or 1.5 s of the microphone. A closed
 * list, off unless `tests.allow` names it, and never outside mode `prep`: a test opens the device.
 */
export async function testCommand(
  what: string | undefined,
  flags: TestFlags,
  world: CliWorld,
): Promise<number> {
  const thing = things.find((each) => each === what);
  if (!thing) throw new UsageError(`test one of ${things.join(', ')}`);
  const config = loadConfig(flags.config, world.env);
  assertAllowed(thing, config);
  const host = new ProbeHost({ clock: systemClock(), log: createLog('silent') });
  const tests = new DeviceTests(config.dataDir);
  try {
    const results = await (thing === 'scan' ? scanAll(config, host) : listenOnce(config, host));
    for (const [name, test] of results) tests.record(name, test);
    if (flags.json === true) world.out(JSON.stringify(Object.fromEntries(results)));
    else for (const [name, test] of results) world.out(`${name}: ${lineOf(test)}`);
    const isGood = results.every(([, { reason }]) => reason === 'ok');
    return isGood ? checkExitCodes.ok : checkExitCodes.fail;
  } finally {
    host.stop();
  }
}

type Results = [Parameters<DeviceTests['record']>[0], DeviceTest][];

function assertAllowed(thing: Thing, config: AgentConfig): void {
  if (!config.tests.allow.includes(thing))
    throw new ConfigError(`tests.allow does not name "${thing}": add it to agent.yaml first`);
  if (config.mode !== 'prep')
    throw new ConfigError(`mode is "${config.mode}": devices are tested in mode "prep" only`);
}

async function scanAll(config: AgentConfig, host: ProbeHost): Promise<Results> {
  const results: Results = [];
  for (const [at, { sane, saneConfigDir }] of config.scanners.entries()) {
    if (sane === undefined) continue;
    const scan = { device: sane, ...(saneConfigDir === undefined ? {} : { saneConfigDir }) };
    const outcome = await host.run('testScan', scan, SCAN_DEADLINE_MS);
    const atMs = Date.now();
    results.push([
      `scanner ${at + 1}`,
      outcome.kind === 'scanned'
        ? { atMs, reason: 'ok', tookMs: Math.round(outcome.tookMs) }
        : { atMs, reason: outcome.reason },
    ]);
  }
  if (results.length > 0) return results;
  throw new ConfigError('no scanner has a "sane" device: name it in agent.yaml');
}

async function listenOnce(config: AgentConfig, host: ProbeHost): Promise<Results> {
  const { server, cookiePath } = config.sound ?? {};
  if (server === undefined)
    throw new ConfigError('sound.server is missing: name the sound server in agent.yaml');
  const address = { address: server, ...(cookiePath === undefined ? {} : { cookiePath }) };
  const outcome = await host.run('soundLevel', address, SOUND_DEADLINE_MS);
  const atMs = Date.now();
  if (outcome.kind === 'level') {
    const decibels = Math.round(outcome.level.peakDecibels * 10) / 10;
    return [['sound', { atMs, reason: 'ok', decibels }]];
  }
  const reason =
    outcome.kind === 'noDevice' ? 'noInput' : outcome.kind === 'silent' ? 'tooQuiet' : 'noAnswer';
  return [['sound', { atMs, reason }]];
}

function lineOf({ reason, tookMs, decibels }: DeviceTest): string {
  const numbers = [
    ...(tookMs === undefined ? [] : [`${tookMs} ms`]),
    ...(decibels === undefined ? [] : [`${decibels} dB`]),
  ];
  return [domainTexts('ru').reasons[reason], ...numbers].join(', ');
}
