import type { Fleet, Moment } from '@ppe-pulse/protocol';
import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log.ts';
import { OwnLineDoubt, type Hearing, type OwnLine } from './own-line.ts';
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

/** With the deadline of a look well before six of the shortest periods are over. */
const LOOK_MS = 500;
/** Periods without a heartbeat that make a workstation missed. */
const MISSED_PERIODS = 2;

/** Before many go silent at once the collector looks at itself: its line, its share of the fleet. */
export function createSelfCheck(parts: SelfCheckParts): SelfCheck {
  const { bus, fleet, log, now } = parts;
  const doubt = new OwnLineDoubt();
  let isLooking = false;
  let outside: ReadonlySet<string> = new Set();
  const look = async (): Promise<void> => {
    outside = fromOutside(parts.remotes());
    const hearing = hearingOf(parts, outside);
    if (isLooking || !doubt.wantsLook(hearing, now().monotonicMs)) return;
    isLooking = true;
    fleet.doubt(true);
    try {
      const line = await parts.look();
      if (!doubt.looked(hearing, line, now().monotonicMs)) return;
      fleet.deaf(doubt.isCutOff, now());
      const facts = { ...hearing, line };
      if (doubt.isCutOff)
        log.error(facts, 'the collector is cut off: workstations are not called silent');
      else log.info(facts, 'the collector hears again');
    } finally {
      fleet.doubt(false);
      isLooking = false;
    }
  };
  const unsubscribe = bus.subscribe('heartbeat', ({ delivery, workstationId }) => {
    if (doubt.isCutOff && delivery === 'live' && outside.has(workstationId))
      doubt.heard(workstationId);
  });
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    get isCutOff() {
      return doubt.isCutOff;
    },
    close: () => {
      clearInterval(timer);
      unsubscribe();
    },
  };
}

/** Workstations whose connections come over our line. */
function fromOutside(remotes: ReadonlyMap<string, string>): ReadonlySet<string> {
  const outside = new Set<string>();
  for (const [id, remote] of remotes) if (!isLocal(remote)) outside.add(id);
  return outside;
}

/** Only those whose silence is judged now: who is still coming back, or was called silent, is not. */
function hearingOf(
  { fleet, now, intervalMs }: SelfCheckParts,
  outside: ReadonlySet<string>,
): Hearing {
  const moment = now();
  let heard = 0;
  let missed = 0;
  const sites = new Set<string>();
  for (const id of outside) {
    const state = fleet.get(id);
    const silentForMs = state && fleet.isJudged(state) ? fleet.silentForMs(state, moment) : null;
    if (!state || silentForMs === null) continue;
    if (silentForMs <= MISSED_PERIODS * intervalMs) heard += 1;
    else {
      missed += 1;
      sites.add(state.placement.siteCode);
    }
  }
  return { heard, missed, missedSites: sites.size };
}
