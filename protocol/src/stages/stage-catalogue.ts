import type { SiteKind } from '../region/region.ts';
import { stageIds, type StageId, type StageTrack } from './stage.ts';

/** What a stage is counted in. */
export const stageUnits = ['site', 'room', 'seat', 'group'] as const;
export type StageUnit = (typeof stageUnits)[number];

/** What the devices show of a stage. */
export type Measure = 'em' | 'cameras' | 'up' | 'sound' | 'pages' | 'images';

/** How a stage is reached and where it belongs. */
export interface StageDefinition {
  readonly id: StageId;
  readonly tracks: readonly StageTrack[];
  readonly unit: StageUnit;
  /** Tracks that count it otherwise: informatics counts seats. */
  readonly unitOn: Partial<Record<StageTrack, StageUnit>>;
  readonly reachedBy: 'measure' | 'claim' | 'either';
  readonly siteKinds: readonly SiteKind[];
  /** Null where only a person can say it. */
  readonly measure: Measure | null;
  /**
   * True where the devices tell the moment itself (a counter and its time) and not only that they are
   * seen by now: then it holds against the moment that a person claims.
   */
  readonly isTimeExact: boolean;
  /** A claim of this one makes sense once that one is reached in the whole site. */
  readonly needs: StageId | null;
}

const exams = ['written', 'kege', 'speaking'] as const;
const everywhere = ['ppe', 'rcoi', 'commission'] as const;

type Rest = Partial<Omit<StageDefinition, 'id' | 'tracks'>>;

const stage = (id: StageId, tracks: readonly StageTrack[], rest: Rest = {}): StageDefinition => ({
  id,
  tracks,
  unit: 'site',
  unitOn: {},
  reachedBy: rest.measure ? 'either' : 'claim',
  siteKinds: tracks.includes('video') ? everywhere : ['ppe'],
  measure: null,
  isTimeExact: false,
  needs: null,
  ...rest,
});

/**
 * Every stage, `domain.md` «The clock of a rehearsal». Informatics and speaking print no sets: their
 * printers say nothing of a stage. Whatever devices show may be claimed as well, since most ППЭ have
 * some device that nobody watches.
 */
export const stageCatalogue: Readonly<Record<StageId, StageDefinition>> = {
  techPrep: stage('techPrep', exams),
  emDownload: stage('emDownload', exams, { measure: 'em' }),
  techControl: stage('techControl', exams),
  actsSent: stage('actsSent', exams),
  videoOn: stage('videoOn', exams, { unit: 'room', measure: 'cameras' }),
  stationsUp: stage('stationsUp', exams, {
    unit: 'room',
    unitOn: { kege: 'seat' },
    measure: 'up',
  }),
  audioTest: stage('audioTest', ['speaking'], { unit: 'seat', measure: 'sound' }),
  keyDownload: stage('keyDownload', exams),
  keyLoaded: stage('keyLoaded', exams, { unit: 'room', unitOn: { kege: 'seat' } }),
  printing: stage('printing', ['written'], { unit: 'room', measure: 'pages', isTimeExact: true }),
  examStarted: stage('examStarted', exams, { needs: 'printing' }),
  groups: stage('groups', ['speaking'], { unit: 'group' }),
  examFinished: stage('examFinished', exams),
  scanning: stage('scanning', ['written'], { unit: 'room', measure: 'images', isTimeExact: true }),
  answersExported: stage('answersExported', ['kege'], { unit: 'seat' }),
  audioExported: stage('audioExported', ['speaking'], { unit: 'room' }),
  packageSent: stage('packageSent', exams),
  rcoiAck: stage('rcoiAck', exams),
  camsOn: stage('camsOn', ['video'], { unit: 'room', measure: 'cameras' }),
  anglesOk: stage('anglesOk', ['video'], { unit: 'room' }),
  overlayOk: stage('overlayOk', ['video'], { unit: 'room' }),
  portalOk: stage('portalOk', ['video']),
  audioOk: stage('audioOk', ['video'], { unit: 'room' }),
  archiveOk: stage('archiveOk', ['video']),
  protocol: stage('protocol', ['video']),
};

/** What a stage is counted in on a track. */
export function unitOf(id: StageId, track: StageTrack): StageUnit {
  const definition = stageCatalogue[id];
  return definition.unitOn[track] ?? definition.unit;
}

/** The stages of a track in the order of the day. */
export function stagesOf(track: StageTrack): readonly StageDefinition[] {
  return stageIds.map((id) => stageCatalogue[id]).filter(({ tracks }) => tracks.includes(track));
}
