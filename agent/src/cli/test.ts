import { domainTexts, formatValue, nameOf, type Language } from '@ppe-pulse/protocol/texts';
import { deviceId } from '@ppe-pulse/protocol';
import { ProbeHost } from '../child/probe-host.ts';
import { loadConfig } from '../config.ts';
import { systemClock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import {
  DeviceTests,
  tookPlace,
  type DeviceTest,
  type TestedThing,
} from '../probes/device-tests.ts';
import { runDeviceTests, testableThings } from '../probes/run-device-tests.ts';
import { checkExitCodes } from './exit-codes.ts';
import { languageOf } from './language.ts';
import { modeNow } from './mode-now.ts';
import { UsageError, type CliWorld } from './world.ts';

/** Flags of `test`. */
export interface TestFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly lang?: string;
}

/**
 * `ppe-agent test scan|sound`: one short scan of every scanner, or 1.5 s of the microphone. A closed
 * list, off unless `tests.allow` names it, and never outside mode `prep`: a test opens the device.
 * The service shows the result from its next look on; a test that did not take place is printed only.
 */
export async function testCommand(
  what: string | undefined,
  flags: TestFlags,
  world: CliWorld,
): Promise<number> {
  const thing = testableThings.find((each) => each === what);
  if (!thing) throw new UsageError(`test one of ${testableThings.join(', ')}`);
  const language = languageOf(flags.lang);
  const config = loadConfig(flags.config, world.env);
  const clock = systemClock();
  const host = new ProbeHost({ clock, log: createLog('silent') });
  const tests = new DeviceTests(config.dataDir);
  try {
    const now = { ...config, mode: modeNow(config) };
    const results = await runDeviceTests(thing, now, { host, clock });
    for (const [name, test] of results) if (tookPlace(name, test)) tests.record(name, test);
    if (flags.json === true) world.out(JSON.stringify(Object.fromEntries(results)));
    else for (const [name, test] of results) world.out(lineOf(name, test, language));
    const isGood = results.every(([, { reason }]) => reason === 'ok');
    return isGood ? checkExitCodes.ok : checkExitCodes.fail;
  } finally {
    host.stop();
  }
}

function lineOf(
  name: TestedThing,
  { reason, tookMs, decibels }: DeviceTest,
  language: Language,
): string {
  const { checks, reasons } = domainTexts(language);
  const device = Number(name.split(' ')[1] ?? 1);
  const thing = nameOf(
    checks,
    name === 'sound' ? 'audio.headset' : deviceId('scanner.state', device),
  );
  const words = [
    reasons[reason],
    ...(tookMs === undefined ? [] : [formatValue(tookMs, 'ms', language)]),
    ...(decibels === undefined ? [] : [formatValue(decibels, 'decibels', language)]),
  ];
  return `${thing}: ${words.join(', ')}`;
}
