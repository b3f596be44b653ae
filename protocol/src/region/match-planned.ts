import type { Duty, Placement, Role } from '../placement.ts';
import type { PlannedWorkstation, Site } from './region.ts';

/** A workstation that has a key: where it stands and since when it is known. */
export interface EnrolledWorkstation {
  readonly id: string;
  readonly placement: Placement;
  readonly enrolledAtMs: number;
  /** False: it has a key and never said a word. Left out, having a key counts as heard. */
  readonly wasHeard?: boolean;
}

/** Who of the planned ones is there. */
export interface PlannedMatch {
  /** Id of a planned workstation → id of the agent that stands in its place, heard or not. */
  readonly matched: ReadonlyMap<string, string>;
  /** Planned ids that nobody stands for, or whose agent never said a word; in the site's order. */
  readonly notYetHeard: readonly string[];
  /** Agents at this site that no planned workstation is left for, in the order they came. */
  readonly unplanned: readonly string[];
}

/**
 * Puts enrolled workstations into the planned places of their room, role and duty: the one that came
 * first takes the lowest number. Pure, and the same whatever order they are handed in. Workstations
 * of other sites are left out.
 */
export function matchPlanned(site: Site, enrolled: Iterable<EnrolledWorkstation>): PlannedMatch {
  const waiting = new Map<string, EnrolledWorkstation[]>();
  const here = [...enrolled].filter(({ placement }) => placement.siteCode === site.code);
  for (const each of here.sort(byArrival)) {
    const key = placeOf(each.placement.roomCode, each.placement.role, each.placement.duty);
    const queue = waiting.get(key);
    if (queue) queue.push(each);
    else waiting.set(key, [each]);
  }
  const matched = new Map<string, string>();
  const notYetHeard: string[] = [];
  const taken = new Set<string>();
  for (const room of site.rooms) {
    for (const planned of [...room.workstations].sort(byNumber)) {
      const agent = waiting.get(placeOf(room.code, planned.role, planned.duty))?.shift();
      if (agent) {
        matched.set(planned.id, agent.id);
        taken.add(agent.id);
      }
      if (!agent || agent.wasHeard === false) notYetHeard.push(planned.id);
    }
  }
  const unplanned = here.filter(({ id }) => !taken.has(id)).map(({ id }) => id);
  return { matched, notYetHeard, unplanned };
}

function placeOf(roomCode: string, role: Role, duty: Duty): string {
  return `${roomCode} ${role} ${duty}`;
}

function byArrival(a: EnrolledWorkstation, b: EnrolledWorkstation): number {
  return a.enrolledAtMs - b.enrolledAtMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Numbers count among those of one role and duty; ids settle what an import left equal. */
function byNumber(a: PlannedWorkstation, b: PlannedWorkstation): number {
  return a.number - b.number || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
