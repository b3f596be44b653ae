import type { RoomPurpose, Site } from '../region/region.ts';
import { stageTracks, type StageTrack } from '../stages/stage.ts';
import type { ParticipantKind, Plan } from './plan.ts';

/** What a rehearsal means to a site. */
export interface Involvement {
  readonly verdict: 'takesPart' | 'notInvolved';
  /** Sets of stages that the site goes through, in the order of `stageTracks`. */
  readonly tracks: readonly StageTrack[];
  /**
   * The site takes no part, but its municipality tests the cameras on its own: then `tracks` is the
   * video's alone.
   */
  readonly isMunicipalTest: boolean;
}

const notInvolved: Involvement = {
  verdict: 'notInvolved',
  tracks: [],
  isMunicipalTest: false,
};
const municipalTest: Involvement = { ...notInvolved, tracks: ['video'], isMunicipalTest: true };

/** The kind that a plan names a site by; null where its period or commission is not known. */
export function participantKindOf(site: Site): ParticipantKind | null {
  if (site.kind === 'rcoi') return 'rcoi';
  if (site.kind === 'ppe') return site.period === null ? null : `ppe-${site.period}`;
  return site.commission === null ? null : `${site.commission}-commission`;
}

/** What a rehearsal means to one site. For many sites of one plan take `involvementIn`. */
export function involvementOf(plan: Plan, site: Site): Involvement {
  return involvementIn(plan)(site);
}

/** Sets of stages that a site goes through. */
export function tracksOf(plan: Plan, site: Site): readonly StageTrack[] {
  return involvementOf(plan, site).tracks;
}

/**
 * Judges sites of one plan. `only` narrows the ППЭ down, also those of the video test; РЦОИ and
 * commissions are never meant by it. `except` takes out any site, of everything.
 */
export function involvementIn(plan: Plan): (site: Site) => Involvement {
  const only = new Set(plan.participants.only);
  const except = new Set(plan.participants.except);
  const exams = new Set(plan.participants.kinds);
  const video = new Set(plan.video?.participants);
  const municipal = new Set(plan.video?.municipal);
  return (site) => {
    const kind = participantKindOf(site);
    if (kind === null || except.has(site.code)) return notInvolved;
    const isNamed = site.kind !== 'ppe' || only.size === 0 || only.has(site.code);
    const holdsExams = isNamed && exams.has(kind);
    const testsVideo = isNamed && video.has(kind);
    if (holdsExams || testsVideo) {
      return {
        verdict: 'takesPart',
        tracks: tracksAt(plan, site, { holdsExams, testsVideo }),
        isMunicipalTest: false,
      };
    }
    return municipal.has(kind) ? municipalTest : notInvolved;
  };
}

function tracksAt(
  plan: Plan,
  site: Site,
  what: { readonly holdsExams: boolean; readonly testsVideo: boolean },
): StageTrack[] {
  return stageTracks.filter((track) => {
    if (track === 'video') return what.testsVideo;
    return (
      what.holdsExams &&
      site.kind === 'ppe' &&
      plan.exams.some(({ kind }) => kind === track) &&
      hasRoomFor(site, track)
    );
  });
}

function hasRoomFor(site: Site, purpose: RoomPurpose): boolean {
  return site.rooms.some(({ purposes }) => purposes.includes(purpose));
}
