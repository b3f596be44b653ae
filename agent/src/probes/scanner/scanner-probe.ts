import { deviceId, type Metrics, type Reason, type ScannerFacts } from '@ppe-pulse/protocol';
import type { ProbeHost } from '../../child/probe-host.ts';
import type { Clock } from '../../platform/clock.ts';
import { HttpExchange } from '../../platform/http-exchange.ts';
import { hostOf, needsResolver } from '../../platform/resolve-localhost.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import type { DeviceTest } from '../device-tests.ts';
import { EsclClient } from './escl-client.ts';
import { feederFact } from './escl.ts';
import type { ScannerConfig } from './scanner-config.ts';
import { scannerPresence } from './usb-presence.ts';
import { windowsScanner } from './windows-scanner.ts';

const PERIOD_MS = 10_000;
const DEADLINE_MS = 6_000;
/** A scanner that is silent this often in a row is off: one silence may be a busy moment. */
const SILENCES = 2;
const WINDOWS_DEADLINE_MS = 5_000;

/** What a scanner probe works with. */
export interface ScannerParts {
  readonly clock: Clock;
  readonly host: ProbeHost;
  /** The last test scan of this scanner, undefined when there was none. */
  readonly lastTest: () => DeviceTest | undefined;
}

/** One scanner: its own word over eSCL, else whether it is plugged in. Neither disturbs a scan. */
export class ScannerProbe implements Probe {
  readonly name: string;
  readonly family = 'scanner';
  readonly watches: { readonly subject: 'scanner'; readonly device: number };
  readonly periodMs = PERIOD_MS;
  readonly quietPeriodMs: number | 'never';
  readonly deadlineMs = DEADLINE_MS;
  readonly #device: number;
  readonly #scanner: ScannerConfig;
  readonly #parts: ScannerParts;
  readonly #exchange = new HttpExchange();
  readonly #escl: EsclClient | undefined;
  #silences = 0;

  constructor(device: number, scanner: ScannerConfig, parts: ScannerParts) {
    this.name = `scanner ${device}`;
    this.#device = device;
    this.watches = { subject: 'scanner', device };
    this.#scanner = scanner;
    this.#parts = parts;
    this.quietPeriodMs = needsResolver(hostOf(scanner.escl)) ? 'never' : PERIOD_MS;
    if (scanner.escl !== undefined)
      this.#escl = new EsclClient(scanner.escl, this.#exchange, parts.clock);
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    return this.#escl ? this.#ask(this.#escl, signal) : this.#look();
  }

  stop(): void {
    this.#exchange.close();
  }

  async #ask(escl: EsclClient, signal: AbortSignal): Promise<ProbeOutcome> {
    const look = await escl.status(signal);
    if (look.kind === 'failed') {
      const isSilent = ['noAnswer', 'refused', 'unreachable', 'dnsFailed'].includes(look.reason);
      this.#silences = isSilent ? this.#silences + 1 : 0;
      if (this.#silences < SILENCES) return { kind: 'failed', reason: look.reason };
      return this.#measured({ source: 'escl', isPresent: false, state: 'down' }, {});
    }
    this.#silences = 0;
    const { state, feeder, imagesCompleted } = look.value;
    return this.#measured(
      {
        source: 'escl',
        isPresent: true,
        state,
        ...(feeder === undefined ? {} : { feeder: feederFact(feeder) }),
      },
      { 'scanner.reply.ms': look.tookMs, 'scanner.images.count': imagesCompleted },
    );
  }

  async #look(): Promise<ProbeOutcome> {
    const { clock } = this.#parts;
    const startMs = clock.monotonicMs();
    const facts = await this.#presence();
    if ('reason' in facts) return { kind: 'failed', reason: facts.reason };
    return this.#measured(facts, { 'scanner.reply.ms': clock.monotonicMs() - startMs });
  }

  async #presence(): Promise<ScannerFacts | { readonly reason: Reason }> {
    const usb = this.#scanner.usb ?? null;
    if (process.platform === 'win32')
      return windowsScanner(await this.#parts.host.run('scannerDevices', usb, WINDOWS_DEADLINE_MS));
    const look = await scannerPresence(usb ?? undefined);
    if (look.kind === 'failed') {
      // Nobody told how to look for it: the test scan, good or bad, is all that is known.
      const isTested = usb === null && this.#parts.lastTest() !== undefined;
      return isTested ? { source: 'sane', isPresent: true, state: 'present' } : look;
    }
    const { isPresent } = look;
    return { source: 'usb', isPresent, state: isPresent ? 'present' : 'down' };
  }

  #measured(base: ScannerFacts, metrics: Metrics): ProbeOutcome {
    const last = this.#parts.lastTest();
    const ageMs = last ? Math.max(0, this.#parts.clock.wallMs() - last.atMs) : 0;
    const facts = last ? { ...base, test: { ageMs, reason: last.reason } } : base;
    const all: Metrics = { ...metrics };
    if (last?.tookMs !== undefined) all['scanner.test.ms'] = last.tookMs;
    if (last?.reason === 'ok') all['scanner.proof.seconds'] = ageMs / 1_000;
    return {
      kind: 'measured',
      facts: { subject: 'scanner', facts },
      metrics: Object.fromEntries(
        Object.entries(all).map(([id, value]) => [deviceId(id, this.#device), value]),
      ),
    };
  }
}
