import type { Occurrence } from './occurrence.ts';
import type { SimulatedWorkstation } from './region.ts';

/** Why a workstation produces nothing, and how its connection ends by it. */
export type Absence =
  /** No power: not a byte more, the socket hangs. */
  | 'powerLost'
  /** The agent's process is gone: the system closes the socket. */
  | 'killed'
  /** It said where it goes. */
  | 'asleep'
  | 'rebooting'
  | 'shutDown';

/** How a workstation is there at a simulated moment. */
export interface Presence {
  /** Undefined while it measures and produces heartbeats. */
  readonly absence: Absence | undefined;
  /** Its way to the collector is cut: what it sends is lost without a word. */
  readonly isCut: boolean;
  /** Isolated by the exam: it goes on measuring into its journal and has no connection. */
  readonly isOffline: boolean;
  /** A second PC of the same image is alive. */
  readonly isCloned: boolean;
  /** Starts of the PC or of the agent since the simulation began. */
  readonly boots: number;
  /** Simulated moment of the last of them, undefined when it never restarted. */
  readonly bootedAtMs: number | undefined;
  /** What the PC's wall clock is off by. */
  readonly wallOffsetMs: number;
  /** When what is the case now ends, simulated; Infinity for never. */
  readonly untilMs: number;
}

/** A PC on a UPS holds this long at most, and half of a shorter cut. */
const UPS_MS = 8 * 60_000;
/** `wrongClock`: ten hours ahead; `clockStep`: an hour back. */
const WRONG_CLOCK_MS = 10 * 3_600_000;
const CLOCK_STEP_MS = -3_600_000;

const restarting: ReadonlySet<Occurrence['fault']> = new Set([
  'switchedOff',
  'powerCut',
  'pcRebooted',
  'agentKilled',
  'hqOff',
]);

/** What a fault does to the presence while it lasts; the others show in what is measured. */
const effects: Partial<Record<Occurrence['fault'], Partial<Presence>>> = {
  switchedOff: { absence: 'shutDown' },
  isolated: { isOffline: true },
  lineCut: { isCut: true },
  providerCut: { isCut: true },
  collectorCutOff: { isCut: true },
  powerCut: { absence: 'powerLost' },
  agentKilled: { absence: 'killed' },
  pcAsleep: { absence: 'asleep' },
  pcRebooted: { absence: 'rebooting' },
  hqOff: { absence: 'shutDown' },
  roomsSilentByExam: { isOffline: true },
  clonedImage: { isCloned: true },
  wrongClock: { wallOffsetMs: WRONG_CLOCK_MS },
  clockStep: { wallOffsetMs: CLOCK_STEP_MS },
};

/** A workstation to which nothing happens. */
const present: Presence = {
  absence: undefined,
  isCut: false,
  isOffline: false,
  isCloned: false,
  boots: 0,
  bootedAtMs: undefined,
  wallOffsetMs: 0,
  untilMs: Number.POSITIVE_INFINITY,
};

/** Pure: what the faults make of a workstation at a moment. */
export function presenceAt(
  workstation: SimulatedWorkstation,
  occurrences: readonly Occurrence[],
  atMs: number,
): Presence {
  let presence = present;
  for (const each of occurrences) {
    if (each.fromMs > atMs) break;
    presence = apply(presence, each, { workstation, atMs });
  }
  return presence;
}

/** When a cut of the power reaches this PC: its UPS holds for a while. */
export function powerLostAtMs(workstation: SimulatedWorkstation, cut: Occurrence): number {
  return cut.fromMs + (workstation.hasUps ? Math.min(UPS_MS, (cut.toMs - cut.fromMs) / 2) : 0);
}

interface At {
  readonly workstation: SimulatedWorkstation;
  readonly atMs: number;
}

function apply(before: Presence, each: Occurrence, at: At): Presence {
  if (at.atMs >= each.toMs) {
    if (!restarting.has(each.fault)) return before;
    return { ...before, boots: before.boots + 1, bootedAtMs: each.toMs };
  }
  const effect = effects[each.fault];
  const isHeld = each.fault === 'powerCut' && at.atMs < powerLostAtMs(at.workstation, each);
  if (effect === undefined || isHeld) return before;
  return { ...before, ...effect, untilMs: Math.min(before.untilMs, each.toMs) };
}
