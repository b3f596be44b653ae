import { stagesOf, type StageId, type StageTrack } from '@ppe-pulse/protocol';
import { between } from '../random.ts';
import type { DayTruth, TruthRoom } from './day-truth.ts';

/** What somebody at a site will say, and when. */
export interface PlannedClaim {
  readonly atMs: number;
  readonly siteCode: string;
  /** Null: of the whole site. */
  readonly roomCode: string | null;
  readonly track: StageTrack;
  readonly stage: StageId;
  /** Units done; null says all of it. */
  readonly done: number | null;
  readonly note: string;
  /** It was said before the played day began: when. */
  readonly saidAtMs?: number;
}

/** What all claims are made from. */
export interface ClaimParts {
  readonly truths: readonly DayTruth[];
  /** Of the plan: nothing else is claimed. */
  readonly stages: ReadonlySet<StageId>;
  /** When a stage is due; null where it is not. */
  readonly dueMs: (truth: DayTruth, stage: StageId) => number | null;
  /** What was reached before the simulation is said soon after its start. */
  readonly startMs: number;
}

const MINUTE = 60_000;
const GROUP_MINUTES = 17;
/** A ППЭ has so many groups for speaking, one after the other. */
const GROUPS = 4;
/** Somebody counts rooms so often, the last time when all are done. */
const COUNTS = 2;
/** Where the plan names no hour the video is looked at then, before the exams. */
const VIDEO_TEST_MS = 75 * MINUTE;

type Maker = (truth: DayTruth, parts: ClaimParts) => readonly Pick<PlannedClaim, 'atMs' | 'done'>[];

/** Claims of a day in the order in which they are made. Pure: the same region claims the same. */
export function claimsOf(parts: ClaimParts): PlannedClaim[] {
  const claims = parts.truths.flatMap((truth) => [
    ...stagesOf(truth.track)
      .filter(({ id, siteKinds }) => parts.stages.has(id) && siteKinds.includes(truth.site.kind))
      .flatMap(({ id }) => claimsOfStage(truth, id, parts)),
    ...tooEarly(truth),
  ]);
  return claims.sort((a, b) => a.atMs - b.atMs);
}

function claimsOfStage(truth: DayTruth, stage: StageId, parts: ClaimParts): PlannedClaim[] {
  const { site, track } = truth;
  const make = makers[stage] ?? beforeDue(stage);
  let saidMs = Number.NEGATIVE_INFINITY;
  return make(truth, parts).map(({ atMs, done }, at) => {
    // It takes a while to say so, and who counts says the smaller number first.
    const delayMs = between(site.salt, `${track} ${stage} ${at}`, [0.4, 3]) * MINUTE;
    saidMs = Math.max(saidMs + 1_000, Math.max(atMs, parts.startMs) + delayMs);
    const claim = { siteCode: site.code, roomCode: null, track, stage, done, note: '' };
    const dueMs = parts.dueMs(truth, stage) ?? Number.POSITIVE_INFINITY;
    if (dueMs >= parts.startMs || atMs > parts.startMs) return { ...claim, atMs: saidMs };
    // Due and done on an earlier day.
    const ahead = between(site.salt, `${track} ${stage} before`, [20, 180]) * MINUTE;
    return { ...claim, atMs: saidMs, saidAtMs: dueMs - ahead };
  });
}

/** «All is printed» of a room where it is not. */
function tooEarly({ site, track, rooms, earlyClaims }: DayTruth): PlannedClaim[] {
  return rooms.flatMap(({ room, printedMs }): PlannedClaim[] => {
    const atMs = earlyClaims.get(room.code);
    if (atMs === undefined || printedMs === null || track !== 'written') return [];
    const roomCode = room.code;
    const stage = 'printing';
    return [{ atMs, siteCode: site.code, roomCode, track, stage, done: null, note: '' }];
  });
}

const once = (atMs: number | null) => (atMs === null ? [] : [{ atMs, done: null }]);
const atOnce: Maker = (_truth, { startMs }) => once(startMs);
const afterEnd =
  (minutes: number): Maker =>
  ({ examEndsMs }) =>
    once(examEndsMs + minutes * MINUTE);
const sentMs = (truth: DayTruth): number => {
  const scanned = truth.rooms.map(({ scannedMs }) => scannedMs ?? 0);
  return Math.max(truth.examEndsMs + 20 * MINUTE, ...scanned) + 12 * MINUTE;
};

const makers: Partial<Record<StageId, Maker>> = {
  techPrep: atOnce,
  techControl: atOnce,
  actsSent: atOnce,
  emDownload: ({ emHereMs }) => once(emHereMs),
  videoOn: ({ camerasOnMs }) => once(camerasOnMs),
  camsOn: ({ camerasOnMs }) => once(camerasOnMs),
  stationsUp: ({ stationsUpMs }) => once(stationsUpMs),
  audioTest: ({ stationsUpMs }) => once(stationsUpMs + 4 * MINUTE),
  keyDownload: ({ keyMs }) => once(keyMs),
  keyLoaded: ({ rooms, keyMs, site }) =>
    counted(rooms, ({ room }) => keyMs + between(site.salt, `key ${room.code}`, [6, 22]) * MINUTE),
  printing: ({ rooms }) => counted(rooms, ({ printedMs }) => printedMs),
  examStarted: (truth) => once(startedMs(truth)),
  groups: ({ examMs }) =>
    Array.from({ length: GROUPS }, (_, at) => ({
      atMs: examMs + (at + 1) * GROUP_MINUTES * MINUTE,
      done: at + 1 < GROUPS ? at + 1 : null,
    })),
  examFinished: afterEnd(0),
  scanning: ({ rooms }) => counted(rooms, ({ scannedMs }) => scannedMs),
  answersExported: afterEnd(15),
  audioExported: afterEnd(15),
  packageSent: (truth) => once(sentMs(truth)),
  rcoiAck: (truth) => once(sentMs(truth) + 20 * MINUTE),
};

/** The exams begin when the last room has its papers, and not before their hour. */
function startedMs({ track, rooms, examMs }: DayTruth): number | null {
  if (track !== 'written') return examMs;
  let lastMs = examMs;
  for (const { printedMs } of rooms) {
    if (printedMs === null) return null;
    lastMs = Math.max(lastMs, printedMs);
  }
  return lastMs;
}

/** «k of K»: said some times on the way and with the last one, not once a room. */
function counted(
  rooms: readonly TruthRoom[],
  doneMs: (room: TruthRoom) => number | null,
): { atMs: number; done: number | null }[] {
  const moments = rooms.map(doneMs);
  const reached = moments.filter((each) => each !== null).sort((a, b) => a - b);
  const steps = Array.from({ length: COUNTS }, (_, at) =>
    Math.ceil(((at + 1) * reached.length) / COUNTS),
  );
  return [...new Set(steps)]
    .filter((step) => step > 0)
    .map((step) => ({
      atMs: reached[step - 1] ?? 0,
      done: step === moments.length ? null : step,
    }));
}

/** What a person confirms ahead of its hour. */
function beforeDue(stage: StageId): Maker {
  return (truth, parts) => {
    const dueMs = parts.dueMs(truth, stage) ?? truth.keyMs - VIDEO_TEST_MS;
    const ahead = between(truth.site.salt, `${stage} ahead`, [4, 25]) * MINUTE;
    return once(Math.max(truth.camerasOnMs, dueMs - ahead));
  };
}
