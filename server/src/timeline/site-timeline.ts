import type { Claim, Incident, LiveStage, Placement } from '@ppe-pulse/protocol';
import type { LogEntry } from '../incidents/incident-book.ts';
import type { Before, LogKindPart, NumberedFlip, SiteEvents } from '../state/site-events.ts';

/**
 * Sorts of events, in the order of those of one moment: what people did and said comes above what was
 * seen of it.
 */
export const timelineKinds = ['action', 'call', 'claim', 'stage', 'incident', 'flip'] as const;
export type TimelineKind = (typeof timelineKinds)[number];

/** One event of a site. `wallMs` is of the collector's clock; claims and stages are put onto it. */
export type TimelineItem = { readonly wallMs: number; readonly id: number } & (
  | { readonly kind: 'action' | 'call' | 'incident'; readonly entry: LogEntry }
  | { readonly kind: 'claim'; readonly claim: Claim }
  | { readonly kind: 'stage'; readonly stage: LiveStage }
  | { readonly kind: 'flip'; readonly flip: NumberedFlip; readonly placement: Placement }
);

/** Names the last event of a page; the next one goes on after it. */
export interface TimelineCursor {
  readonly wallMs: number;
  readonly kind: TimelineKind;
  readonly id: number;
}

/** Where the events of one site come from. */
export interface TimelineSources {
  readonly events: SiteEvents;
  /** Workstations that stand there, by id. */
  readonly workstations: ReadonlyMap<string, Placement>;
  readonly claims: readonly Claim[];
  readonly stages: readonly LiveStage[];
  /** The collector's wall clock at a moment of the rehearsal. */
  readonly wallAt: (rehearsalMs: number) => number;
}

export interface TimelineQuery {
  readonly siteCode: string;
  readonly kinds: readonly TimelineKind[];
  /** Undefined starts with the newest. */
  readonly after: TimelineCursor | undefined;
  readonly limit: number;
}

export interface TimelinePage {
  readonly items: readonly TimelineItem[];
  /** Every incident that an item speaks of, once. */
  readonly incidents: readonly Incident[];
  readonly next: TimelineCursor | undefined;
}

const logParts: Readonly<Partial<Record<TimelineKind, LogKindPart>>> = {
  action: 'done',
  call: 'call',
  incident: 'seen',
};

/** One page of what happened at a site, newest first: no source is asked for more than it may fill. */
export function timelinePage(query: TimelineQuery, sources: TimelineSources): TimelinePage {
  const found = query.kinds
    .flatMap((kind) => eventsOf(kind, query, sources))
    .sort(newestFirst)
    .slice(0, query.limit + 1);
  const items = found.slice(0, query.limit);
  const last = found.length > query.limit ? items.at(-1) : undefined;
  const ids = new Set(items.flatMap((item) => ('entry' in item ? [item.entry.incidentId] : [])));
  return {
    items,
    incidents: sources.events.incidents([...ids]),
    next: last && { wallMs: last.wallMs, kind: last.kind, id: last.id },
  };
}

function eventsOf(
  kind: TimelineKind,
  { siteCode, after, limit }: TimelineQuery,
  sources: TimelineSources,
): TimelineItem[] {
  const before = beforeOf(kind, after);
  const wanted = limit + 1;
  switch (kind) {
    case 'flip':
      return sources.events
        .flips([...sources.workstations.keys()], before, wanted)
        .flatMap((flip) => {
          const placement = sources.workstations.get(flip.workstationId);
          return placement ? [{ kind, wallMs: flip.atMs, id: flip.id, flip, placement }] : [];
        });
    case 'claim':
      return sources.claims
        .map((claim) => ({ kind, wallMs: wallOf(claim.atMs, sources), id: claim.id, claim }))
        .filter((item) => isBefore(item, before));
    case 'stage':
      return sources.stages
        .flatMap((stage, at) => {
          const { reachedAtMs } = stage;
          if (reachedAtMs === null) return [];
          return [{ kind, wallMs: wallOf(reachedAtMs, sources), id: at + 1, stage }];
        })
        .filter((item) => isBefore(item, before));
    case 'action':
    case 'call':
    case 'incident':
      return sources.events
        .log(siteCode, before, wanted, logParts[kind])
        .map((entry) => ({ kind, wallMs: entry.atMs, id: entry.id, entry }));
  }
}

function wallOf(rehearsalMs: number, { wallAt }: TimelineSources): number {
  return Math.round(wallAt(rehearsalMs));
}

/** Of the cursor's own moment a source gives what its sort still has below it. */
function beforeOf(kind: TimelineKind, after: TimelineCursor | undefined): Before {
  if (!after) return { atMs: Number.MAX_SAFE_INTEGER, belowId: Infinity };
  const order = rankOf(kind) - rankOf(after.kind);
  return { atMs: after.wallMs, belowId: order === 0 ? after.id : order > 0 ? Infinity : 0 };
}

function isBefore(item: Pick<TimelineItem, 'wallMs' | 'id'>, { atMs, belowId }: Before): boolean {
  return item.wallMs < atMs || (item.wallMs === atMs && item.id < belowId);
}

function newestFirst(a: TimelineItem, b: TimelineItem): number {
  return b.wallMs - a.wallMs || rankOf(a.kind) - rankOf(b.kind) || b.id - a.id;
}

function rankOf(kind: TimelineKind): number {
  return timelineKinds.indexOf(kind);
}
