import {
  DutySchema,
  IncidentSchema,
  RoleSchema,
  StageSchema,
  VerdictSchema,
  idOf,
  type Placement,
} from '@ppe-pulse/protocol';
import { Type, type Static } from 'typebox';
import type { SiteEvents } from '../../state/site-events.ts';
import type { Enrolments } from '../../state/enrolments.ts';
import type { Rehearsal } from '../../rehearsal/rehearsal.ts';
import {
  timelineKinds,
  timelinePage,
  type TimelineCursor,
  type TimelineItem,
  type TimelineKind,
} from '../../timeline/site-timeline.ts';
import type { Api } from '../http.ts';
import { LogEntryView, logEntryView } from '../incident-view.ts';
import { Problem } from '../problem.ts';
import { ClaimView, claimView } from './rehearsal.ts';

const PAGE_DEFAULT = 50;
const PAGE_MAX = 500;

const Time = Type.String({ format: 'date-time' });
const CURSOR = new RegExp(`^(-?[0-9]{1,16})\\.(${timelineKinds.join('|')})\\.([0-9]{1,16})$`);

const Query = Type.Object({
  /** Only this sort of events; all without it. */
  kind: Type.Optional(Type.Enum([...timelineKinds])),
  limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
  /** `nextCursor` of the page before. */
  cursor: Type.Optional(Type.String({ maxLength: 60, pattern: CURSOR.source })),
});

const FlipView = Type.Object({
  workstationId: idOf('agentId'),
  roomCode: idOf('roomCode'),
  role: RoleSchema,
  duty: DutySchema,
  checkId: Type.String(),
  from: VerdictSchema,
  to: VerdictSchema,
  reason: Type.String(),
});

/** What it is of stands under the name of its kind; `at` is of the rehearsal's clock for all of them. */
const ItemView = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...timelineKinds]),
  at: Time,
  /** Of `action`, `call` and `incident`: a line of that incident's history. */
  entry: Type.Optional(Type.Object({ ...LogEntryView.properties, incidentId: Type.String() })),
  claim: Type.Optional(ClaimView),
  stage: Type.Optional(StageSchema),
  flip: Type.Optional(FlipView),
});

/** What the route reads. */
export interface SiteTimelineParts {
  readonly siteEvents: SiteEvents;
  readonly enrolments: Pick<Enrolments, 'list'>;
  readonly rehearsal: Pick<Rehearsal, 'claimsOf' | 'stagesOf' | 'clock'>;
}

/** What happened at a site: verdicts, incidents, what people did and said, stages; newest first. */
export function siteTimelineRoutes(app: Api, parts: SiteTimelineParts): void {
  app.get(
    '/api/v1/sites/:code/timeline',
    {
      schema: {
        params: Type.Object({ code: idOf('siteCode') }),
        querystring: Query,
        response: {
          200: Type.Object({
            items: Type.Array(ItemView),
            /** Those that items name by `entry.incidentId`. */
            incidents: Type.Array(IncidentSchema),
            nextCursor: Type.Optional(Type.String()),
          }),
        },
      },
    },
    ({ params: { code }, query: { kind, limit, cursor }, scope }) => {
      const { rehearsal, siteEvents } = parts;
      const workstations = workstationsOf(parts, code);
      const stages = rehearsal.stagesOf(code)?.site.stages;
      if (!stages && workstations.size === 0)
        throw new Problem(
          404,
          'unknownSite',
          `site ${code} is not in the registry and no workstation of it is enrolled; GET /api/v1/sites`,
        );
      const page = timelinePage(
        {
          siteCode: code,
          kinds: kind === undefined ? timelineKinds : [kind],
          after: cursor === undefined ? undefined : cursorOf(cursor),
          limit,
        },
        {
          events: siteEvents,
          workstations,
          claims: rehearsal.claimsOf(code),
          stages: stages ?? [],
          wallAt: (ms) => rehearsal.clock.wallAt(ms),
        },
      );
      const { next } = page;
      const owned = new Set(page.incidents.filter((each) => scope.owns(each)).map(({ id }) => id));
      return {
        items: page.items
          .map((item) => itemView(item, (ms) => rehearsal.clock.at(ms)))
          .map((item) => withoutForeignWords(item, owned)),
        incidents: page.incidents.flatMap((each) => scope.shown(each) ?? []),
        ...(next && { nextCursor: `${next.wallMs}.${next.kind}.${next.id}` }),
      };
    },
  );
}

function workstationsOf({ enrolments }: SiteTimelineParts, code: string): Map<string, Placement> {
  return new Map(
    enrolments
      .list()
      .filter(({ placement }) => placement.siteCode === code)
      .map(({ id, placement }) => [id, placement]),
  );
}

/** Of an incident that is wider people write what they like about other sites. */
function withoutForeignWords(
  item: Static<typeof ItemView>,
  owned: ReadonlySet<string>,
): Static<typeof ItemView> {
  if (!item.entry || owned.has(item.entry.incidentId)) return item;
  return { ...item, entry: { ...item.entry, note: '', details: {} } };
}

/** The schema lets nothing else through. */
function cursorOf(text: string): TimelineCursor | undefined {
  const [, wallMs, kind, id] = CURSOR.exec(text) ?? [];
  if (kind === undefined) return undefined;
  return { wallMs: Number(wallMs), kind: kind as TimelineKind, id: Number(id) };
}

function itemView(item: TimelineItem, dayAt: (wallMs: number) => number): Static<typeof ItemView> {
  const head = {
    id: `${item.kind}-${item.id}`,
    kind: item.kind,
    at: new Date(dayAt(item.wallMs)).toISOString(),
  };
  switch (item.kind) {
    case 'claim':
      return { ...head, claim: claimView(item.claim) };
    case 'stage':
      return { ...head, stage: item.stage };
    case 'flip': {
      const { workstationId, checkId, from, to, reason } = item.flip;
      const { roomCode, role, duty } = item.placement;
      return {
        ...head,
        flip: { workstationId, roomCode, role, duty, checkId, from, to, reason },
      };
    }
    case 'action':
    case 'call':
    case 'incident':
      return {
        ...head,
        entry: { ...logEntryView(item.entry), incidentId: item.entry.incidentId },
      };
  }
}
