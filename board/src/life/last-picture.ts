import { nothingKnown, reduceLive, snapshotOfState, type LiveState } from '@ppe-pulse/protocol';
import { unpacked, type LastPicture, type PackedPicture } from './packed-picture.ts';

/**
 * Of a picture of more workstations nothing is kept: a country's is tens of megabytes, and of a part of it
 * the rest would be shown as unknown.
 */
const MAX_WORKSTATIONS = 10_000;
/** Older than this it tells nobody anything. */
export const PICTURE_LIFE_MS = 7 * 24 * 3_600_000;

/** When and by which build a picture is kept. */
export interface KeepMoment {
  readonly format: string;
  readonly wallMs: number;
  readonly ageMs: number;
}

/**
 * What is kept of a picture, null before there is one and for one that is too large. Without what only
 * pages of single workstations show: their measured values, and what people wrote.
 */
export function pictureOf(state: LiveState, moment: KeepMoment): LastPicture | null {
  const workstations = state.workstations.filter((each) => each !== undefined);
  if (workstations.length > MAX_WORKSTATIONS) return null;
  const snapshot = snapshotOfState({
    ...state,
    columns: [],
    workstations: workstations.map((each) => ({ ...each, values: [] })),
    silences: state.silences.map((silence) => ({ ...silence, comment: '' })),
  });
  const { format, wallMs: savedAtMs, ageMs } = moment;
  return snapshot ? { format, savedAtMs, ageMs, snapshot } : null;
}

/**
 * The picture that was kept and its age; undefined for one of another format, an unreadable or a very
 * old one. A wall clock that went back makes the age unknown: the picture is then as old as can be.
 * Never rejects.
 */
export async function restored(
  kept: unknown,
  { format, wallMs }: Pick<KeepMoment, 'format' | 'wallMs'>,
): Promise<{ readonly state: LiveState; readonly ageMs: number } | undefined> {
  if (typeof kept !== 'object' || kept === null) return undefined;
  const picture = kept as Partial<PackedPicture>;
  if (picture.format !== format) return undefined;
  const sinceMs = wallMs - (picture.savedAtMs ?? 0);
  const ageMs = sinceMs < 0 ? PICTURE_LIFE_MS : sinceMs + (picture.ageMs ?? 0);
  if (ageMs > PICTURE_LIFE_MS) return undefined;
  try {
    const snapshot = await unpacked(kept as PackedPicture);
    return { state: reduceLive(nothingKnown, snapshot).state, ageMs };
  } catch {
    // Written by something else under our name: the wall waits for the collector.
    return undefined;
  }
}
