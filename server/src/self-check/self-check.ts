import type { Fleet, Moment } from '@ppe-pulse/protocol';
import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log.ts';
import { isItMe, isSuspicious, type Hearing, type OwnLine } from './own-line.ts';
import { isLocal } from './reachability.ts';

/** What the self-check works with. */
export interface SelfCheckParts {
  readonly fleet: Fleet;
  readonly bus: Bus;
  readonly log: Log;
  readonly now: () => Moment;
  readonly intervalMs: number;
  /** Address of the connection that each workstation is heard over. */
  readonly remotes: () => ReadonlyMap<string, string>;
  /** Asks whether our own line works. */
  readonly look: () => Promise<OwnLine>;
}

/** The collector's doubt of itself. */
export interface SelfCheck {
  /** True while it is us who are cut off: nobody is called silent. */
  readonly isCutOff: boolean;
  close(): void;
}

/** Well before six periods of silence are over. */
const LOOK_MS = 1_000;
/** Periods without a heartbeat that make a workstation missed. */
const MISSED_PERIODS = 2;
/** So many of those that were missed must be heard again before we are back. */
const BACK_SHARE = 0.5;

/** Before many go silent at once the collector looks at itself: its line, its share of the fleet. */
export function createSelfCheck(parts: SelfCheckParts): SelfCheck {
  const { fleet, log, now } = parts;
  let isCutOff = false;
  let missedAtCut = 0;
  let isLooking = false;
  const heardSince = new Set<string>();
  const turn = (cut: boolean, hearing: Hearing, line: OwnLine): void => {
    isCutOff = cut;
    missedAtCut = hearing.missed;
    heardSince.clear();
    fleet.deaf(cut, now());
    const facts = { ...hearing, line };
    if (cut) log.error(facts, 'the collector is cut off: workstations are not called silent');
    else log.info(facts, 'the collector hears again');
  };
  const look = async (): Promise<void> => {
    const hearing = hearingOf(parts);
    if (isLooking || (!isCutOff && !isSuspicious(hearing))) return;
    isLooking = true;
    try {
      const line = await parts.look();
      if (!isCutOff && isItMe(hearing, line)) turn(true, hearing, line);
      else if (isCutOff && (line === 'works' || heardSince.size >= BACK_SHARE * missedAtCut))
        turn(false, hearing, line);
    } finally {
      isLooking = false;
    }
  };
  const unsubscribe = parts.bus.subscribe('heartbeat', ({ delivery, workstationId }) => {
    if (isCutOff && delivery === 'live') heardSince.add(workstationId);
  });
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    get isCutOff() {
      return isCutOff;
    },
    close: () => {
      clearInterval(timer);
      unsubscribe();
    },
  };
}

function hearingOf({ fleet, now, intervalMs, remotes }: SelfCheckParts): Hearing {
  const moment = now();
  let heard = 0;
  let missed = 0;
  const sites = new Set<string>();
  for (const [id, remote] of remotes()) {
    const state = isLocal(remote) ? undefined : fleet.get(id);
    const silentForMs = state ? fleet.silentForMs(state, moment) : null;
    if (!state || silentForMs === null) continue;
    if (silentForMs <= MISSED_PERIODS * intervalMs) heard += 1;
    else {
      missed += 1;
      sites.add(state.placement.siteCode);
    }
  }
  return { heard, missed, missedSites: sites.size };
}
