import { defaultClosedHours } from '../closed-hours.ts';
import { limits } from '../limits.ts';
import { stageIds, type StageId } from '../stages/stage.ts';
import type {
  EmPackagePlan,
  ModeRule,
  PlanHosts,
  PrintNorms,
  StagePlan,
  ThroughputPlan,
} from './plan.ts';

/** The region's zone, Kuzbass: UTC+7. */
export const DEFAULT_TIME_ZONE = 'Asia/Novokuznetsk';
/** When exams start, [S] order № 668. */
export const DEFAULT_EXAM_START = '10:00';

type Deadlines = Omit<StagePlan, 'id' | 'target'>;

const shown: Deadlines = { due: null, amber: null, red: null };
const due = (time: string): Deadlines => ({ due: time, amber: null, red: null });
const deadlines = (time: string, amber: string, red: string): Deadlines => ({
  due: time,
  amber,
  red,
});

/** `domain.md` «The clock of a rehearsal». Times that it marks [C] are for the region to change. */
const stageDeadlines: Readonly<Record<StageId, Deadlines>> = {
  techPrep: due('T-2 18:00'),
  emDownload: deadlines('T-1 15:00', 'T-1 15:00', 'T-1 17:00'),
  techControl: due('T-1 17:00'),
  actsSent: due('T-1 17:00'),
  videoOn: deadlines('08:00', '08:00', '08:30'),
  stationsUp: deadlines('09:00', '09:00', '09:20'),
  audioTest: due('09:20'),
  keyDownload: deadlines('09:30', '09:35', '09:45'),
  keyLoaded: deadlines('10:00', '10:00', '10:10'),
  // A room of 15 prints for 10 to 15 minutes from the start on.
  printing: deadlines('10:15', '10:20', '10:30'),
  // It waits for the last room's print.
  examStarted: deadlines('10:20', '10:20', '10:30'),
  groups: due('end'),
  examFinished: due('end'),
  scanning: due('end+60'),
  answersExported: due('end+60'),
  audioExported: due('end+60'),
  packageSent: due('23:59'),
  rcoiAck: due('23:59'),
  camsOn: deadlines('08:00', '08:00', '08:30'),
  anglesOk: shown,
  overlayOk: shown,
  portalOk: shown,
  audioOk: shown,
  archiveOk: shown,
  protocol: shown,
};

/** Every stage in the order of the day, as it is where the plan says nothing of it. */
export const defaultStages: readonly StagePlan[] = stageIds.map((id) => ({
  id,
  ...stageDeadlines[id],
  target: 1,
}));

/**
 * Workstations of rooms are quiet from when the key may be brought to them until the last exam of
 * their kind ends, `domain.md` «Agent modes».
 */
export const defaultModes: readonly ModeRule[] = [
  {
    mode: 'quiet',
    roles: ['organizer', 'print', 'scan', 'kege', 'speaking'],
    from: '09:30',
    to: 'end',
  },
];

export const defaultHosts: PlanHosts = { videoPortal: [], emPortal: [] };

export const defaultThroughput: ThroughputPlan = {
  everyMinutes: 10,
  maxBytes: limits.throughputBytes,
  ...defaultClosedHours,
};

/** [S] 15 people a room, 17 to 25 pages a set; the speed is that of a usual office printer. */
export const defaultPrint: PrintNorms = {
  setsPerRoom: 15,
  pagesPerSet: 20,
  pagesPerMinute: 30,
  startAt: 'start',
};

/** [C] The size of the package was published nowhere. */
export const defaultEmPackage: EmPackagePlan = {
  bytes: 2_000_000_000,
  deadline: 'T-1 17:00',
  openFrom: 'T-5 09:00',
};
