import { nothingKnown, reduceLive, type LiveState, type Snapshot } from '@ppe-pulse/protocol';

/** More workstations than this are not kept: of the rest only those with problems. */
const MAX_WORKSTATIONS = 5_000;
/** Older than this it tells nobody anything. */
export const PICTURE_LIFE_MS = 7 * 24 * 3_600_000;

/** What a wall showed last, as the browser keeps it. */
export interface LastPicture {
  /** Shape of the frames at the time of the build that wrote it. */
  readonly format: string;
  /** The computer's wall clock, ms since 1970 UTC. */
  readonly savedAtMs: number;
  /** How old the picture was then. */
  readonly ageMs: number;
  readonly snapshot: Snapshot;
}

/** When and by which build a picture is kept. */
export interface KeepMoment {
  readonly format: string;
  readonly wallMs: number;
  readonly ageMs: number;
}

/**
 * What is kept of a picture, null before there is one. Bounded, and without what only pages of single
 * workstations show: their measured values, and what people wrote.
 */
export function pictureOf(state: LiveState, moment: KeepMoment): LastPicture | null {
  const { overview } = state;
  if (overview === null || state.seq < 0) return null;
  const workstations = state.workstations.flatMap((each) =>
    each ? [{ ...each, values: [] }] : [],
  );
  const few =
    workstations.length <= MAX_WORKSTATIONS
      ? workstations
      : workstations.filter(({ problems }) => problems.length > 0).slice(0, MAX_WORKSTATIONS);
  return {
    format: moment.format,
    savedAtMs: moment.wallMs,
    ageMs: moment.ageMs,
    snapshot: {
      type: 'snapshot',
      seq: state.seq,
      serverTimeMs: state.serverTimeMs,
      dataAgeMs: state.dataAgeMs,
      overview,
      columns: [],
      workstations: few,
      sites: [...state.registry.values()],
      municipalities: [...state.municipalities],
      trend: state.trend,
      incidents: [...state.incidents.values()],
      silences: state.silences.map((silence) => ({ ...silence, comment: '' })),
    },
  };
}

/**
 * The picture that was kept and its age; undefined for one of another format, an unreadable or a very
 * old one. A wall clock that went back makes the age unknown: the picture is then as old as can be.
 */
export function restored(
  kept: unknown,
  { format, wallMs }: Pick<KeepMoment, 'format' | 'wallMs'>,
): { readonly state: LiveState; readonly ageMs: number } | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined;
  const picture = kept as Partial<LastPicture>;
  if (picture.format !== format || !picture.snapshot) return undefined;
  const sinceMs = wallMs - (picture.savedAtMs ?? 0);
  const ageMs = sinceMs < 0 ? PICTURE_LIFE_MS : sinceMs + (picture.ageMs ?? 0);
  if (ageMs > PICTURE_LIFE_MS) return undefined;
  try {
    return { state: reduceLive(nothingKnown, picture.snapshot).state, ageMs };
  } catch {
    // Written by something else under our name: the wall waits for the collector.
    return undefined;
  }
}
