import type { Snapshot } from '@ppe-pulse/protocol';

/** So many sites or workstations are written as text at a time: a few ms of a slow computer. */
const SLICE = 250;

/** What a wall showed last. */
export interface LastPicture {
  /** Shape of the frames at the time of the build that wrote it. */
  readonly format: string;
  /** The computer's wall clock, ms since 1970 UTC. */
  readonly savedAtMs: number;
  /** How old the picture was then. */
  readonly ageMs: number;
  readonly snapshot: Snapshot;
}

/**
 * A picture whose snapshot is JSON in a blob. It has up to some megabytes: as objects or as strings the
 * browser copies four of them while the page stands, 130 to 300 ms in Chromium; a blob takes less than one.
 */
export interface PackedPicture extends Omit<LastPicture, 'snapshot'> {
  readonly snapshot: Blob;
}

/** Packs a picture, slice by slice; `pause` lets the page draw in between. */
export async function packed(
  { snapshot, ...about }: LastPicture,
  pause: () => Promise<void>,
): Promise<PackedPicture> {
  const { workstations, sites, ...rest } = snapshot;
  const parts = [
    `${JSON.stringify(rest).slice(0, -1)},"workstations":[`,
    ...(await slicesOf(workstations, pause)),
    '],"sites":[',
    ...(await slicesOf(sites, pause)),
    ']}',
  ];
  return { ...about, snapshot: new Blob(parts) };
}

/** The snapshot of a picture that was packed. Rejects for anything else. */
export async function unpacked({ snapshot }: PackedPicture): Promise<Snapshot> {
  return JSON.parse(await snapshot.text()) as Snapshot;
}

/** Items as JSON with commas between them. */
async function slicesOf(
  items: readonly object[],
  pause: () => Promise<void>,
): Promise<readonly Blob[]> {
  const slices: Blob[] = [];
  for (let from = 0; from < items.length; from += SLICE) {
    if (from > 0) await pause();
    const text = JSON.stringify(items.slice(from, from + SLICE)).slice(1, -1);
    // A blob each: the text is written out as bytes here, and joined later by reference.
    slices.push(new Blob([from > 0 ? `,${text}` : text]));
  }
  return slices;
}
