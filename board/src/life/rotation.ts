/** A view that a wall can turn to by itself. */
export type View =
  | { readonly kind: PlainView }
  | { readonly kind: 'municipality'; readonly slug: string };

/** Views that need nothing to be named. */
export const plainViews = [
  'wall',
  'onlyProblems',
  'hall',
  'country',
  'incidents',
  'rehearsal',
] as const;
export type PlainView = (typeof plainViews)[number];

/** What a wall shows in turn, and how long each. */
export interface RotationPlan {
  readonly views: readonly View[];
  readonly everyMs: number;
}

/** Shorter than this nobody reads it; longer is no rotation. */
export const ROTATION_SECONDS = { least: 5, usual: 30, most: 3_600 } as const;
export const ROTATION_VIEWS = 20;
/** Somebody is at the wall: it does not turn the page under their hands. */
export const HELD_MS = 2 * 60_000;

const MUNICIPALITY = 'municipality:';
const SLUG = /^[a-z0-9-]{1,100}$/;

/** Reads `rotate=wall,incidents,municipality:kemerovo&every=30`; null for no rotation. */
export function parseRotation(search: string): RotationPlan | null {
  const query = new URLSearchParams(search);
  const views = (query.get('rotate') ?? '')
    .split(',')
    .flatMap((word) => viewOf(word.trim()) ?? [])
    .slice(0, ROTATION_VIEWS);
  if (views.length < 2) return null;
  return { views, everyMs: secondsOf(query.get('every')) * 1_000 };
}

/** What `parseRotation` reads. */
export function formatRotation({ views, everyMs }: RotationPlan): string {
  return `rotate=${views.map(wordOf).join(',')}&every=${Math.round(everyMs / 1_000)}`;
}

/** The address of a view on this board. */
export function addressOf(view: View): string {
  switch (view.kind) {
    case 'wall':
      return '/';
    case 'onlyProblems':
      return '/?view=problems';
    case 'hall':
      return '/?density=hall';
    case 'country':
      return '/?view=country';
    case 'incidents':
      return '/incidents';
    case 'rehearsal':
      return '/rehearsal';
    case 'municipality':
      return `/municipalities/${encodeURIComponent(view.slug)}`;
  }
}

/** Where a rotation stands. Times are monotonic. */
export interface Rotation {
  readonly plan: RotationPlan;
  /** Index of the view that is shown. */
  readonly at: number;
  readonly turnedAtMs: number;
  /** Somebody touched the wall: it stands still until then. */
  readonly heldUntilMs: number | null;
  /** Critical incidents that nobody had when they were last looked at. */
  readonly untaken: ReadonlySet<string>;
  /** A new critical incident came: the wall stays until all are taken. */
  readonly isStopped: boolean;
}

export function startRotation(
  plan: RotationPlan,
  untaken: ReadonlySet<string>,
  nowMs: number,
): Rotation {
  return { plan, at: 0, turnedAtMs: nowMs, heldUntilMs: null, untaken, isStopped: false };
}

/** Time went on: the next view when its time has come. */
export function ticked(rotation: Rotation, nowMs: number): Rotation {
  const { plan, at, turnedAtMs, heldUntilMs, isStopped } = rotation;
  if (isStopped || (heldUntilMs !== null && nowMs < heldUntilMs)) return rotation;
  // After a pause each view gets its whole time again.
  if (heldUntilMs !== null) return { ...rotation, heldUntilMs: null, turnedAtMs: nowMs };
  if (nowMs - turnedAtMs < plan.everyMs) return rotation;
  return { ...rotation, at: (at + 1) % plan.views.length, turnedAtMs: nowMs };
}

/** Somebody moved the mouse or pressed a key. */
export function touched(rotation: Rotation, nowMs: number): Rotation {
  return { ...rotation, heldUntilMs: nowMs + HELD_MS };
}

/** The critical incidents that nobody has taken, now. */
export function alarmed(rotation: Rotation, untaken: ReadonlySet<string>, nowMs: number): Rotation {
  const isNew = [...untaken].some((id) => !rotation.untaken.has(id));
  if (isNew) return { ...rotation, untaken, isStopped: true, turnedAtMs: nowMs };
  const isOver = rotation.isStopped && untaken.size === 0;
  return isOver
    ? { ...rotation, untaken, isStopped: false, at: 0, turnedAtMs: nowMs }
    : { ...rotation, untaken };
}

/** The address to be shown; null while the person at the wall goes where they like. */
export function shownAddress(rotation: Rotation): string | null {
  if (rotation.isStopped) return '/';
  if (rotation.heldUntilMs !== null) return null;
  const view = rotation.plan.views[rotation.at];
  return view ? addressOf(view) : null;
}

/** How much of its time the view has had, 0…1. */
export function progressOf({ plan, turnedAtMs }: Rotation, nowMs: number): number {
  return Math.min(1, Math.max(0, (nowMs - turnedAtMs) / plan.everyMs));
}

function viewOf(word: string): View | undefined {
  const plain = plainViews.find((view) => view === word);
  if (plain) return { kind: plain };
  const slug = word.startsWith(MUNICIPALITY) ? word.slice(MUNICIPALITY.length) : '';
  return SLUG.test(slug) ? { kind: 'municipality', slug } : undefined;
}

function wordOf(view: View): string {
  return view.kind === 'municipality' ? MUNICIPALITY + view.slug : view.kind;
}

function secondsOf(text: string | null): number {
  const seconds = Number(text ?? '');
  if (text === null || !Number.isFinite(seconds) || seconds <= 0) return ROTATION_SECONDS.usual;
  return Math.min(ROTATION_SECONDS.most, Math.max(ROTATION_SECONDS.least, Math.round(seconds)));
}
