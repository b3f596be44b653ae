import { bootOf, type Evidence, type Span } from './evidence.ts';
import type { SentBeat } from './traffic.ts';

/** Between the start of a process and its first look at its clock. */
const START_SLACK_MS = 5_000;

/** The collector writes flips once a second; a kill takes those of the last moments. */
const WRITTEN_MS = 2_000;

/** When a heartbeat was really produced, harness's wall clock, and how well that is known. */
export interface Truth {
  readonly atMs: number;
  readonly slackMs: number;
}

/** A live heartbeat and when the collector can have taken it at first. */
interface Heard {
  readonly beat: SentBeat;
  readonly heardMs: number;
}

/** What the collector can have heard, and when things really happened. Pure. */
export class Hearing {
  readonly #evidence: Evidence;
  /** Start of each boot's monotonic clock on the harness's clock: a frame is never early. */
  readonly #origins = new Map<string, number>();
  readonly #heard = new Map<string, Heard[]>();

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    for (const beat of evidence.beats) {
      const heardMs = heardMsOf(beat, evidence);
      if (heardMs !== undefined && beat.delivery === 'live') {
        const known = this.#heard.get(beat.workstation);
        if (known) known.push({ beat, heardMs });
        else this.#heard.set(beat.workstation, [{ beat, heardMs }]);
      }
      if (beat.delivery !== 'live') continue;
      const originMs = beat.tappedMs - beat.monotonicMs;
      const boot = bootOf(beat);
      this.#origins.set(boot, Math.min(originMs, this.#origins.get(boot) ?? originMs));
    }
    for (const each of this.#heard.values()) each.sort((a, b) => a.heardMs - b.heardMs);
  }

  /** Live heartbeats of a workstation that a collector took, by the time when it could at first. */
  heard(workstation: string): readonly Heard[] {
    return this.#heard.get(workstation) ?? [];
  }

  /** The same with those that came to a collector which was just ending: it may have taken them. */
  mayBeHeard(workstation: string): readonly Heard[] {
    return this.#evidence.beats.flatMap((beat) => {
      if (beat.workstation !== workstation || beat.delivery !== 'live' || beat.hop === 'relay')
        return [];
      const heardMs = heardMsOf(beat, this.#evidence) ?? beat.passedMs;
      return heardMs === undefined ? [] : [{ beat, heardMs }];
    });
  }

  /**
   * What a collector can still know of that at `atMs`: a kill takes what it had not yet written.
   */
  remembered(workstation: string, atMs: number): readonly number[] {
    const kills = this.#evidence.collectorFaults.filter(
      ({ what, fromMs }) => what === 'collectorKill' && fromMs <= atMs,
    );
    return this.heard(workstation)
      .map(({ heardMs }) => heardMs)
      .filter((each) => !kills.some(({ fromMs }) => each > fromMs - WRITTEN_MS && each <= fromMs));
  }

  /** Undefined when nothing tells: a wrong wall clock, no live heartbeat, no known start. */
  truthOf(beat: SentBeat): Truth | undefined {
    const originMs = this.#origins.get(bootOf(beat));
    if (originMs !== undefined) return { atMs: originMs + beat.monotonicMs, slackMs: 0 };
    const { workstations, lives } = this.#evidence;
    const isFaked = workstations.find(({ id }) => id === beat.workstation)?.isClockFaked ?? false;
    if (!isFaked) return { atMs: beat.wallMs, slackMs: 0 };
    const life = lives.find((each) => bootOf(each) === bootOf(beat));
    if (!life) return undefined;
    return { atMs: life.fromMs + beat.monotonicMs, slackMs: START_SLACK_MS };
  }
}

/** Milliseconds of a span in which there was a collector that ran. */
export function collectorRanMs({ fromMs, untilMs }: Span, faults: readonly Span[]): number {
  const lost = faults.reduce(
    (sum, fault) =>
      sum + Math.max(0, Math.min(untilMs, fault.untilMs) - Math.max(fromMs, fault.fromMs)),
    0,
  );
  return Math.max(0, untilMs - fromMs - lost);
}

/** The earliest moment at which a collector can have taken it; undefined when none did. */
export function heardMsOf(
  beat: SentBeat,
  { collectorFaults, connections }: Pick<Evidence, 'collectorFaults' | 'connections'>,
): number | undefined {
  const passedMs = beat.passedMs;
  // What a relay takes the collector hears when the relay says it.
  if (passedMs === undefined || beat.hop === 'relay') return undefined;
  // It had given the connection up while the link was frozen.
  const farClosedMs = connections[beat.connection]?.farClosedMs ?? Number.POSITIVE_INFINITY;
  if (passedMs >= farClosedMs) return undefined;
  const fault = collectorFaults.find((each) => each.fromMs <= passedMs && passedMs < each.untilMs);
  if (!fault) return passedMs;
  // What waits at a stopped one is taken when it wakes; what is given to a dead one is lost.
  return fault.what === 'collectorStop' ? fault.untilMs : undefined;
}
