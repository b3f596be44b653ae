import { Type, type Static } from '@ppe-pulse/protocol/schema';
import {
  defaultClosedHours,
  isClosed,
  type EmPackageFacts,
  type Mode,
  type Timers,
} from '@ppe-pulse/protocol';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import {
  rehearseEmDownload,
  type EmDownloadEvent,
  type EmDownloadOutcome,
  type EmProgress,
} from './em-download.ts';
import type { EtaRange } from './eta-estimate.ts';

const TIME_OF_DAY = '^([01][0-9]|2[0-3]):[0-5][0-9]$';

/** A package of the size of the real one, on the region's own mirror; downloaded and thrown away. */
export const EmDownloadSchema = Type.Object({
  url: Type.String({ pattern: '^https?://[^/@\\s]+/\\S*$' }),
  ca: Type.Optional(Type.String({ maxLength: 20_000 })),
  /** When it starts (cron, local time); the start is spread over `spreadMinutes`. */
  cron: Type.String({ default: '', maxLength: 100 }),
  spreadMinutes: Type.Integer({ default: 10, minimum: 0, maximum: 120 }),
  /** Local hours in which the line belongs to the exam: none starts, a running one is given up. */
  closedFrom: Type.String({ pattern: TIME_OF_DAY, default: defaultClosedHours.closedFrom }),
  closedTo: Type.String({ pattern: TIME_OF_DAY, default: defaultClosedHours.closedTo }),
  maxBytes: Type.Integer({ default: 1_500_000_000, minimum: 1 }),
  maxMinutes: Type.Integer({ default: 240, minimum: 1, maximum: 1_440 }),
});
export type EmDownloadConfig = Static<typeof EmDownloadSchema>;

const PERIOD_MS = 5_000;
const STALL_MS = 5_000;

/** How a download stands, whoever has ordered it. */
export interface EmStanding {
  readonly isRunning: boolean;
  readonly state: EmPackageFacts['state'];
  readonly receivedBytes: number;
  readonly totalBytes: number | undefined;
  /** Undefined while it does not run. */
  readonly bytesPerSecond: number | undefined;
  readonly eta: EtaRange | undefined;
}

/** What the rehearsal needs. */
export interface EmProbeParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly random: () => number;
  readonly mode: () => Mode;
  /** The plan's word on whether the line belongs to the exam now; undefined where it has none. */
  readonly isLineClosed?: () => boolean | undefined;
}

/** The rehearsal of the download of exam materials: how far it is, and when it would be done. */
export class EmProbe implements Probe {
  readonly name = 'emDownload';
  readonly family = 'net';
  readonly watches = { subject: 'emPackage', device: 1 } as const;
  readonly periodMs = PERIOD_MS;
  readonly quietPeriodMs = 'never';
  readonly deadlineMs = 1_000;
  readonly #config: EmDownloadConfig | undefined;
  readonly #parts: EmProbeParts;
  #running: AbortController | undefined;
  #waiting: unknown;
  #progress: EmProgress | undefined;
  #outcome: EmDownloadOutcome | undefined;
  #ordered: (() => EmStanding | undefined) | undefined;

  constructor(config: EmDownloadConfig | undefined, parts: EmProbeParts) {
    this.#config = config;
    this.#parts = parts;
  }

  /** Starts it after a wait of its own; a second start while one runs changes nothing. */
  start(): void {
    const config = this.#config;
    if (!config || this.#running) return;
    const { timers, random } = this.#parts;
    timers.clear(this.#waiting);
    this.#waiting = timers.set(
      () => {
        const isTaken = this.#ordered?.()?.isRunning ?? false;
        if (!isTaken && this.#mayUseLine(config)) void this.#run(config);
      },
      config.spreadMinutes * 60_000 * random(),
    );
  }

  /** The collector orders rehearsals, too: what they come to is shown here. */
  follow(ordered: () => EmStanding | undefined): void {
    this.#ordered = ordered;
  }

  measure(): Promise<ProbeOutcome> {
    if (this.#config && !this.#mayUseLine(this.#config)) this.stop();
    const standing = this.#standing();
    if (!standing) return Promise.resolve({ kind: 'nothing' });
    const { state, receivedBytes, totalBytes, bytesPerSecond, eta } = standing;
    return Promise.resolve({
      kind: 'measured',
      facts: {
        subject: 'emPackage',
        facts: {
          state,
          receivedBytes,
          ...(eta ? { lowMs: eta.lowMs, highMs: eta.highMs, isUnstable: eta.unstable } : {}),
        },
      },
      metrics: {
        ...(totalBytes === undefined || totalBytes === 0
          ? {}
          : { 'net.em.ratio': receivedBytes / totalBytes }),
        ...(bytesPerSecond === undefined ? {} : { 'net.em.bytesPerSecond': bytesPerSecond }),
        ...(eta
          ? { 'net.em.low.seconds': eta.lowMs / 1_000, 'net.em.high.seconds': eta.highMs / 1_000 }
          : {}),
      },
    });
  }

  /** Of the own one while it runs, else of the ordered one, else of the own one that ran last. */
  #standing(): EmStanding | undefined {
    if (this.#running) return this.#own();
    return this.#ordered?.() ?? this.#own();
  }

  #own(): EmStanding | undefined {
    const receivedBytes = this.#outcome?.receivedBytes ?? this.#progress?.receivedBytes;
    if (receivedBytes === undefined) return undefined;
    const isRunning = this.#running !== undefined;
    return {
      isRunning,
      state: isRunning ? 'running' : (this.#outcome?.kind ?? 'stopped'),
      receivedBytes,
      totalBytes: this.#outcome?.totalBytes ?? this.#progress?.totalBytes,
      bytesPerSecond: isRunning ? this.#progress?.bytesPerSecond : undefined,
      eta: isRunning ? this.#progress?.eta : undefined,
    };
  }

  /** Not once the key is loaded, and not in the hours before that. */
  #mayUseLine(config: EmDownloadConfig): boolean {
    const { mode, clock, isLineClosed } = this.#parts;
    if (mode() !== 'prep') return false;
    return !(isLineClosed?.() ?? isClosed(config, timeOfDay(new Date(clock.wallMs()))));
  }

  rest(): void {
    this.stop();
  }

  stop(): void {
    this.#parts.timers.clear(this.#waiting);
    this.#running?.abort(new Error('the line is needed'));
  }

  async #run(config: EmDownloadConfig): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.#outcome = undefined;
    this.#progress = undefined;
    const { clock, random, log } = this.#parts;
    const onEvent = (event: EmDownloadEvent): void => {
      if (event.kind === 'progress') this.#progress = event.progress;
    };
    const { url, ca, maxBytes } = config;
    const maxMs = config.maxMinutes * 60_000;
    try {
      this.#outcome = await rehearseEmDownload(
        { url, ca, maxBytes, maxMs, stallMs: STALL_MS },
        { clock, random, onEvent, signal: running.signal },
      );
      log.info(this.#outcome, 'the rehearsal download has ended');
    } catch (error) {
      log.info({ error: String(error) }, 'the rehearsal download was given up');
    } finally {
      this.#running = undefined;
    }
  }
}

/** `HH:MM` on the PC's own clock and in its own zone, as people here read it. */
export function timeOfDay(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(now.getHours())}:${two(now.getMinutes())}`;
}
