import type { Role } from '../placement.ts';
import { isCameraWatcher } from './cameras.ts';
import type { StationRecord } from './shown.ts';
import type { StageTrack } from './stage.ts';
import type { Measure } from './stage-catalogue.ts';

/** The workstation that stands for a room where none was ever heard. */
export function usualRole(track: StageTrack): Role {
  return track === 'written' ? 'organizer' : track;
}

/** The workstations whose devices tell of a room, or of a site, among those that are handed in. */
export function witnessesOf<T extends StationRecord>(
  measure: Measure,
  track: StageTrack,
  here: readonly T[],
): readonly T[] {
  return here.filter((each) => isWitness(measure, track, each));
}

function isWitness(measure: Measure, track: StageTrack, { signals }: StationRecord): boolean {
  const { role, duty } = signals;
  switch (measure) {
    case 'em':
      return role === 'hq';
    case 'cameras':
      return isCameraWatcher(signals) || role === 'organizer' || role === 'hq';
    case 'up':
      return duty === 'main' && isExamRole(role, track);
    case 'sound':
      return duty === 'main' && role === 'speaking';
    case 'pages':
      return role === 'organizer' || role === 'print';
    case 'images':
      return role === 'organizer' || role === 'scan';
  }
}

function isExamRole(role: Role, track: StageTrack): boolean {
  if (track === 'written') return role === 'organizer' || role === 'print';
  return role === track;
}
