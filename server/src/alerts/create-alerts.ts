import type { Region } from '@ppe-pulse/protocol';
import type { Clock } from '../clock.ts';
import { createIncidentStore } from '../incidents/incident-store.ts';
import { createSitePhases } from '../incidents/site-phases.ts';
import type { Log } from '../log.ts';
import type { PlanStore } from '../plan/plan-store.ts';
import type { RegionStore } from '../region/region-store.ts';
import type { Audit } from '../state/audit.ts';
import type { StateDatabase } from '../state/database.ts';
import { COLLECTOR_VERSION } from '../version.ts';
import type { AlertDesk } from './alerts.ts';
import { AlertsDoor, type AlertsApi } from './alerts-api.ts';
import { Desk } from './desk.ts';
import { Drills } from './drill.ts';
import { formatOf } from './formats/catalogue.ts';
import type { FormatContext } from './formats/format.ts';
import type { StepName } from './outbox/attempt.ts';
import { Dispatcher, type OutboxTimers } from './outbox/dispatcher.ts';
import { newEventId } from './outbox/event-id.ts';
import type { OutboxFigures } from './outbox/outbox-figures.ts';
import { OutboxQueue } from './outbox/outbox-queue.ts';
import { OutboxStore } from './outbox/outbox-store.ts';
import type { UntoldCause } from './routing/desk-outbox.ts';
import { minuteOfDayIn } from './routing/hours.ts';
import { Marks } from './routing/marks.ts';
import type { RoutingGround } from './routing/route-of.ts';
import { RoutingStore } from './routing/routing-store.ts';
import { isFailing, isRehearsalNear, testWarningsOf, type TestWarning } from './test-warnings.ts';
import { AddressPolicy } from './transport/address-policy.ts';
import { systemResolver, type ResolveName } from './transport/host-resolver.ts';
import { HttpSend } from './transport/http-send.ts';
import { createMailSend } from './transport/mail-send.ts';
import { WebhookStore } from './webhook-store.ts';

/** Rooms of the collector that alerts work with. */
export interface AlertRooms {
  readonly database: StateDatabase;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  readonly region: Pick<RegionStore, 'current'>;
  readonly plans: Pick<PlanStore, 'current'>;
  /** The rehearsal's clock, ms since 1970 UTC. */
  readonly rehearsal: { readonly nowMs: number };
  /** Where people open the board; null where nobody said. */
  readonly boardUrl: string | null;
  /** For tests: called at each step of a delivery. */
  readonly step?: (name: StepName) => void;
  readonly resolve?: ResolveName;
  readonly timers?: OutboxTimers;
  /** In [0, 1). */
  readonly random?: () => number;
  /** Certificates that are trusted instead of the system's, PEM. */
  readonly ca?: string;
}

/** The outbox in numbers, and what was told to nobody. */
export interface AlertFigures extends OutboxFigures {
  readonly untold: Readonly<Record<UntoldCause, number>>;
}

/** Who is told, by what way, and what people may do with it. */
export interface Alerts {
  readonly desk: AlertDesk;
  readonly api: AlertsApi;
  figures(): AlertFigures;
  /** Tokens for the board; asked every second, worked out every few. */
  testWarnings(): readonly TestWarning[];
  /** Forgets what ended before a moment of the wall clock; answers how many deliveries. */
  pruneBefore(beforeMs: number): number;
  close(): Promise<void>;
}

const WARNINGS_MS = 5_000;

/** Composes the way from an incident to its receivers. */
export function createAlerts(rooms: AlertRooms): Alerts {
  const { database, audit, clock } = rooms;
  const outbox = new OutboxStore(database);
  const marks = new Marks(database);
  const routing = new RoutingStore(database);
  const store = new WebhookStore({ database, audit, outbox });
  const addresses = { policy: new AddressPolicy(), resolve: rooms.resolve ?? systemResolver() };
  const warnings = createWarnings(rooms, store);
  const { dispatcher, closeSockets } = createDispatcher(rooms, {
    outbox,
    store,
    addresses,
    onEnded: () => warnings.renew(),
  });
  const wake = (): void => dispatcher.wake();
  const desk = new Desk({
    outbox,
    marks,
    receivers: () => store.receivers(),
    routing: () => routing.current().routing,
    groundAt: createGround(rooms),
    newEventId,
    startedMonotonicMs: clock.monotonicMs(),
    noteEscalation: escalationNotes(database),
    wake,
    log: rooms.log,
  });
  const drills = new Drills({ database, audit, outbox, marks, webhooks: store, newEventId, wake });
  const api = new AlertsDoor({
    database,
    audit,
    store,
    routing,
    outbox,
    dispatcher,
    drills,
    marks,
    addresses,
    nameable: () => nameableIn(rooms.region.current().region),
    onChange: () => warnings.renew(),
    log: rooms.log,
  });
  // What the last run decided and did not deliver goes out now.
  wake();
  return {
    desk,
    api,
    figures: () => ({ ...dispatcher.figures(), untold: desk.untold() }),
    testWarnings: () => warnings.current(),
    pruneBefore: (beforeMs) => {
      let forgotten = 0;
      database.transaction(() => {
        forgotten = outbox.pruneBefore(beforeMs);
        marks.pruneBefore(beforeMs);
      });
      return forgotten;
    },
    close: async () => {
      await dispatcher.close();
      closeSockets();
    },
  };
}

function createDispatcher(
  rooms: AlertRooms,
  parts: {
    readonly outbox: OutboxStore;
    readonly store: WebhookStore;
    readonly addresses: { readonly policy: AddressPolicy; readonly resolve: ResolveName };
    readonly onEnded: () => void;
  },
): { readonly dispatcher: Dispatcher; readonly closeSockets: () => void } {
  const { clock, log, database, step, random = Math.random, ca } = rooms;
  const sending = { ...parts.addresses, clock, ...(ca === undefined ? {} : { ca }) };
  const http = new HttpSend(sending);
  const context = createContext(rooms);
  const dispatcher = new Dispatcher({
    store: parts.outbox,
    queue: new OutboxQueue(database),
    webhookOf: (id) => parts.store.withSecrets(id),
    make: (event, webhook) => formatOf(webhook.format).make(event, webhook, context()),
    send: { http: http.send, mail: createMailSend(sending) },
    clock,
    log,
    random,
    timers: rooms.timers ?? {
      set: setTimeout,
      clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
    },
    onEnded: parts.onEnded,
    ...(step && { step }),
  });
  return { dispatcher, closeSockets: () => http.close() };
}

/** What messages say beside the event, by the region that holds. */
function createContext({ region, boardUrl }: AlertRooms): () => FormatContext {
  let known: Region | undefined;
  let context: FormatContext | undefined;
  return () => {
    const current = region.current().region;
    if (context && current === known) return context;
    known = current;
    const names = new Map(current.municipalities.map(({ slug, name }) => [slug, name]));
    const kinds = new Map(current.sites.map(({ code, kind }) => [code, kind]));
    context = {
      boardUrl,
      collectorVersion: COLLECTOR_VERSION,
      timeZone: current.timeZone,
      names: { municipality: (slug) => names.get(slug), siteKind: (code) => kinds.get(code) },
    };
    return context;
  };
}

/** What routes are held against, by the region and the plan that hold. */
function createGround(rooms: AlertRooms): (wallMs: number) => RoutingGround {
  const { region, plans, rehearsal } = rooms;
  const phaseOf = createSitePhases({
    plan: () => plans.current()?.plan ?? null,
    region: () => region.current().region,
    nowMs: () => rehearsal.nowMs,
  });
  let known: Region | undefined;
  let municipalities = new Map<string, string>();
  let minuteOfDay = minuteOfDayIn('UTC');
  return (wallMs) => {
    const current = region.current().region;
    if (current !== known) {
      known = current;
      municipalities = new Map(current.sites.map((site) => [site.code, site.municipality]));
      minuteOfDay = minuteOfDayIn(current.timeZone);
    }
    return {
      municipalityOf: (siteCode) => municipalities.get(siteCode) ?? null,
      phaseOf,
      minuteOfDay: minuteOfDay(wallMs),
    };
  };
}

function nameableIn({ municipalities, sites }: Region) {
  return {
    municipalities: municipalities.map(({ slug }) => slug),
    siteCodes: sites.map(({ code }) => code),
  };
}

function escalationNotes(database: StateDatabase) {
  const incidents = createIncidentStore(database);
  return ({ id }: { readonly id: string }, webhookIds: readonly string[], atMs: number): void =>
    incidents.addLog({
      incidentId: id,
      atMs,
      by: 'collector',
      kind: 'escalated',
      note: '',
      details: { webhooks: webhookIds.join(', ') },
      requestId: null,
    });
}

/** The warnings, kept for a while: boards are told of them every second. */
function createWarnings(rooms: AlertRooms, store: WebhookStore) {
  const { database, clock, plans, region, rehearsal } = rooms;
  let known: readonly TestWarning[] = [];
  let renewAtMs = Number.NEGATIVE_INFINITY;
  const fresh = (): readonly TestWarning[] => {
    const webhooks = store.list().filter(({ isEnabled }) => isEnabled);
    const failing = webhooks.map(({ id }) => id).filter((id) => isFailing(database, id));
    const { timeZone } = region.current().region;
    return testWarningsOf({
      webhooks,
      failing: new Set(failing),
      isSoon: isRehearsalNear(plans.current()?.plan ?? null, timeZone, rehearsal.nowMs),
      wallMs: clock.wallMs(),
    });
  };
  return {
    current: (): readonly TestWarning[] => {
      const nowMs = clock.monotonicMs();
      if (nowMs >= renewAtMs) {
        known = fresh();
        renewAtMs = nowMs + WARNINGS_MS;
      }
      return known;
    },
    renew: (): void => {
      renewAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}
