import { verdictOf, type Evidence, type OwnFault, type Verdict } from './evidence.ts';
import { collectorRanMs, type Hearing } from './hearing.ts';

/** Periods of silence after which a workstation is unknown. Source: the check `heartbeat`. */
const UNKNOWN_PERIODS = 6;
/** The collector's and the harness's clocks are one; a timer and a frame may be this far apart. */
const CLOCK_SLACK_MS = 100;
/**
 * An agent comes back within this of a fault's end: half-open is noticed in 15 s, a handshake is
 * given up in 10 s, the back-off is 60 s at most.
 */
const RETURN_MS = 90_000;
/** After its own fault the collector gives agents this long before it calls them unknown. */
const GRACE_MS = 75_000;
/** The collector calls a step of its clock of up to a second listened to: a stop counts less by that. */
const STOP_SLACK_MS = 1_100;
/** A flip stands this close behind the frame that raised it. */
const FLIP_WITHIN_MS = 1_500;

/** Nobody is called unknown who could be heard. */
export function unknownRules(evidence: Evidence, hearing: Hearing): Verdict[] {
  const judge = new Unknowns(evidence, hearing);
  const flips = evidence.flips
    .filter(({ checkId, to }) => checkId === 'heartbeat' && to === 'unknown')
    .map(({ workstationId, atMs, reason }) => ({
      workstation: workstationId,
      atMs,
      reason,
      isShown: false,
    }));
  // True when it began and true when it was last seen: in between nothing can have been different.
  const shown = evidence.shown.map(({ workstation, fromMs, untilMs, reason }) =>
    [fromMs, untilMs].map((atMs) => ({ workstation, atMs, reason, isShown: true })),
  );
  const ofFlips = flips.flatMap((each) => judge.falseness(each));
  return [
    ...(['', ' after a collector’s restart', ' after a collector’s stop'] as const).map((cause) =>
      verdictOf(
        `false unknown${cause}`,
        ofFlips.filter((each) => each.cause === cause).map(({ text }) => text),
      ),
    ),
    verdictOf(
      'false unknown on the board',
      shown
        .flatMap((ends) => ends.flatMap((each) => judge.falseness(each)).slice(0, 1))
        .map(({ text }) => text),
    ),
  ];
}

/** A flip has a live heartbeat right before it that says the same; a backlog raises none. */
export function flipRule(evidence: Evidence, hearing: Hearing): Verdict {
  const found = evidence.flips
    .filter(({ checkId }) => checkId !== 'heartbeat')
    .filter(({ workstationId, checkId, to, atMs }) => {
      const near = hearing
        .mayBeHeard(workstationId)
        .filter(
          ({ heardMs }) => heardMs >= atMs - FLIP_WITHIN_MS && heardMs <= atMs + CLOCK_SLACK_MS,
        );
      return !near.some(({ beat }) => beat.verdicts?.[checkId] === to);
    })
    .map(
      ({ workstationId, checkId, from, to, atMs }) =>
        `${workstationId} ${checkId} ${from} → ${to} at ${atMs}: no live heartbeat says so`,
    );
  return verdictOf('flip without a live heartbeat', found);
}

/** After a fault of its own an agent is heard again in time. */
export function returnRule(evidence: Evidence, hearing: Hearing): Verdict {
  const endMs = Math.max(0, ...evidence.beats.map(({ tappedMs }) => tappedMs));
  const found = evidence.ownFaults.flatMap((fault) => {
    const next = evidence.ownFaults.find(
      (each) =>
        each !== fault &&
        each.workstation === fault.workstation &&
        each.untilMs > fault.untilMs &&
        each.fromMs <= fault.untilMs + RETURN_MS,
    );
    // The next one came before it had the time, or the run was over.
    if (next || fault.untilMs + RETURN_MS > endMs) return [];
    const ranMs = (untilMs: number): number =>
      collectorRanMs({ fromMs: fault.untilMs, untilMs }, evidence.collectorFaults);
    const heard = hearing.heard(fault.workstation).find((each) => each.heardMs >= fault.untilMs);
    const heardMs = heard?.heardMs ?? endMs;
    return ranMs(heardMs) <= RETURN_MS
      ? []
      : [`${fault.workstation} was not heard for ${ranMs(heardMs)} ms after ${fault.what}`];
  });
  return verdictOf('came back too late', found);
}

interface Claim {
  readonly workstation: string;
  readonly atMs: number;
  readonly reason: string;
  /** On the board: it may still stand there from before a kill that took the newer verdict. */
  readonly isShown: boolean;
}

type Cause = '' | ' after a collector’s restart' | ' after a collector’s stop';

/** Judges the claim that a workstation cannot be heard, by what was really done to it. */
class Unknowns {
  readonly #evidence: Evidence;
  readonly #hearing: Hearing;

  constructor(evidence: Evidence, hearing: Hearing) {
    this.#evidence = evidence;
    this.#hearing = hearing;
  }

  /** Nothing for a true claim. */
  falseness(claim: Claim): { readonly cause: Cause; readonly text: string }[] {
    const { workstation, atMs, reason } = claim;
    const { collectorFaults, intervalMs } = this.#evidence;
    const heard = claim.isShown
      ? this.#hearing.remembered(workstation, atMs)
      : this.#hearing.heard(workstation).map(({ heardMs }) => heardMs);
    const lastMs = heard.findLast((each) => each <= atMs - CLOCK_SLACK_MS);
    // It is not known before it was heard for the first time.
    if (lastMs === undefined) return [];
    const silentMs = collectorRanMs({ fromMs: lastMs, untilMs: atMs }, collectorFaults);
    const hasGoodbye = reason === 'saidGoodbye';
    const stops = collectorFaults.filter(
      ({ what, fromMs, untilMs }) => what === 'collectorStop' && untilMs > lastMs && fromMs < atMs,
    );
    const slackMs = CLOCK_SLACK_MS + STOP_SLACK_MS * stops.length;
    const isLongEnough = hasGoodbye || silentMs >= UNKNOWN_PERIODS * intervalMs - slackMs;
    const own = this.#ownFault(claim, heard, lastMs);
    if (own && isLongEnough) return [];
    const since = collectorFaults.findLast(
      ({ fromMs, untilMs }) => fromMs <= atMs && untilMs >= atMs - GRACE_MS,
    );
    const wasBefore = since !== undefined && since.untilMs >= lastMs;
    if (isLongEnough && !wasBefore && silentMs > GRACE_MS) return [];
    return [
      {
        cause: since === undefined || (!wasBefore && isLongEnough) ? '' : causeOf(since.what),
        text: `${workstation} unknown (${reason}) at ${atMs}: heard ${Math.round(atMs - lastMs)} ms before, ${Math.round(silentMs)} of them with a collector, own fault ${own?.what ?? 'none'}, ${since?.what ?? 'no fault'} of the collector before`,
      },
    ];
  }

  /** A fault of its own that lasts, with the way back, into the silence. */
  #ownFault(
    { workstation, atMs }: Claim,
    heard: readonly number[],
    lastMs: number,
  ): OwnFault | undefined {
    return this.#evidence.ownFaults.find((fault) => {
      if (fault.workstation !== workstation || fault.fromMs > atMs) return false;
      const backMs = heard.find((each) => each >= fault.untilMs);
      const untilMs = Math.min(fault.untilMs + RETURN_MS, backMs ?? Number.POSITIVE_INFINITY);
      return untilMs >= lastMs && untilMs >= atMs - CLOCK_SLACK_MS;
    });
  }
}

function causeOf(what: Evidence['collectorFaults'][number]['what']): Cause {
  return what === 'collectorStop' ? ' after a collector’s stop' : ' after a collector’s restart';
}
