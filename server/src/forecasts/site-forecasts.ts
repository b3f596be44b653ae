import {
  EM_WINDOWS,
  LINE_TESTS,
  PRINT_WINDOWS,
  PaceHistory,
  defaultThresholds,
  emPrior,
  forecastEmHere,
  forecastRoomPrinted,
  forecastUplinkLoad,
  printPrior,
  printSummary,
  type EmOfSite,
  type Forecast,
  type PrintSummary,
  type RoomPrint,
} from '@ppe-pulse/protocol';
import type { Target } from './horizons.ts';
import type { EmInput, RoomPrintInput, SiteForecastInputs, UplinkInput } from './inputs.ts';
import type { SiteAims } from './site-times.ts';

/** What a site's forecasts came to: to be written down, and what really happened. */
export interface SiteLook {
  readonly targets: readonly Target[];
  readonly outcomes: readonly {
    readonly kind: Forecast['kind'];
    readonly roomCode: string | null;
    readonly outcome: number | null;
  }[];
}

/** More rooms than any ППЭ has: what a wrong input may hold of memory. */
const ROOMS_MAX = 200;

/** Forecasts of one site: the readings of late, and what follows from them now. */
export class SiteForecasts {
  readonly #siteCode: string;
  #inputs: SiteForecastInputs = { rooms: [], em: null, uplink: null };
  readonly #pages = new Map<string, PaceHistory>();
  /** Since when rooms stand. */
  readonly #stuckSince = new Map<string, number>();
  #bytes = new PaceHistory(emPrior.windowMs, EM_WINDOWS);
  readonly #down = new LineTests();
  readonly #up = new LineTests();
  /** The load when all cameras first were on: later ones are of another hour of the line. */
  #load: number | null = null;
  #forecasts: readonly Forecast[] = [];
  #prints: PrintSummary | null = null;
  #em: EmOfSite | null = null;

  constructor(siteCode: string) {
    this.#siteCode = siteCode;
  }

  get forecasts(): readonly Forecast[] {
    return this.#forecasts;
  }

  /** Null where the site prints nothing. */
  get prints(): PrintSummary | null {
    return this.#prints;
  }

  /** Null where no exam materials are due. */
  get em(): EmOfSite | null {
    return this.#em;
  }

  take(inputs: SiteForecastInputs, nowMs: number): void {
    const rooms = inputs.rooms.slice(0, ROOMS_MAX);
    this.#inputs = { ...inputs, rooms };
    const codes = new Set(rooms.map(({ roomCode }) => roomCode));
    for (const code of this.#pages.keys()) if (!codes.has(code)) this.#pages.delete(code);
    for (const code of this.#stuckSince.keys()) if (!codes.has(code)) this.#stuckSince.delete(code);
    for (const room of rooms) this.#countPages(room, nowMs);
    const { em, uplink } = inputs;
    if (em && em.receivedBytes !== null && em.receivedAtMs !== null && em.doneAtMs === null)
      this.#bytes.add(em.receivedBytes, em.receivedAtMs);
    if (em) this.#down.add(em.downBytesPerSecond, em.downAtMs);
    if (uplink) this.#up.add(uplink.upBytesPerSecond, uplink.upAtMs);
    this.#load ??= uplink?.loadRatio ?? null;
  }

  /** Makes all forecasts anew. */
  look(aims: SiteAims, nowMs: number): SiteLook {
    const prints = this.#lookAtPrints(aims, nowMs);
    const em = this.#lookAtEm(aims, nowMs);
    const uplink = this.#lookAtUplink(aims, nowMs);
    const looks = [prints, em, uplink];
    const targets = looks.flatMap((look) => look.targets);
    this.#forecasts = targets.map(({ forecast }) => forecast);
    return { targets, outcomes: looks.flatMap((look) => look.outcomes) };
  }

  /** The site takes no part any more. */
  clear(): void {
    this.#forecasts = [];
    this.#prints = null;
    this.#em = null;
  }

  #countPages(room: RoomPrintInput, nowMs: number): void {
    const { roomCode } = room;
    if (!room.isStuck) this.#stuckSince.delete(roomCode);
    else if (!this.#stuckSince.has(roomCode)) this.#stuckSince.set(roomCode, nowMs);
    if (room.startedAtMs === null || room.pagesDone === null || room.countedAtMs === null) return;
    const known = this.#pages.get(roomCode);
    const history = known ?? new PaceHistory(printPrior.windowMs, PRINT_WINDOWS);
    if (!known) this.#pages.set(roomCode, history);
    if (room.isStuck) history.pause();
    history.add(room.pagesDone, room.countedAtMs);
  }

  #lookAtPrints({ print }: SiteAims, nowMs: number): SiteLook {
    if (!print) {
      this.#prints = null;
      return nothing;
    }
    const rooms = this.#inputs.rooms.map((input) => {
      const room = this.#roomOf(input, print);
      return { room, forecast: forecastRoomPrinted(this.#siteCode, room, nowMs) };
    });
    this.#prints = printSummary(
      rooms.map(({ room, forecast }) => ({
        roomCode: room.roomCode,
        doneAtMs: room.doneAtMs,
        startedAtMs: room.startedAtMs,
        limitMs: room.limitMs,
        forecast,
      })),
    );
    return {
      targets: rooms.flatMap(({ room, forecast }) =>
        forecast
          ? [{ forecast, limitMs: room.limitMs, hasStarted: room.startedAtMs !== null }]
          : [],
      ),
      outcomes: rooms.map(({ room }) => ({
        kind: 'roomPrinted',
        roomCode: room.roomCode,
        outcome: room.doneAtMs,
      })),
    };
  }

  #roomOf(input: RoomPrintInput, print: NonNullable<SiteAims['print']>): RoomPrint {
    return {
      roomCode: input.roomCode,
      sets: input.sets ?? print.sets,
      pagesPerSet: input.pagesPerSet ?? print.pagesPerSet,
      normPagesPerMinute: print.pagesPerMinute,
      measuredPagesPerMinute: input.pagesPerMinute,
      plannedStartMs: print.startMs,
      startedAtMs: input.startedAtMs,
      isWatched: input.isWatched,
      doneAtMs: input.doneAtMs,
      pagesDone: input.pagesDone,
      countedAtMs: input.countedAtMs,
      stuckSinceMs: this.#stuckSince.get(input.roomCode) ?? null,
      windows: this.#pages.get(input.roomCode)?.windows ?? [],
      limitMs: print.limitMs,
    };
  }

  #lookAtEm(aims: SiteAims, nowMs: number): SiteLook {
    const input = this.#inputs.em;
    if (!aims.em) {
      this.#em = null;
      return nothing;
    }
    const forecast = forecastEmHere(this.#siteCode, this.#arrivalOf(input, aims), nowMs);
    const doneAtMs = input?.doneAtMs ?? null;
    const speed = forecast?.basis.bytesPerSecond;
    this.#em = {
      siteCode: this.#siteCode,
      municipality: aims.municipality,
      doneAtMs,
      forecast,
      deadlineMs: aims.em.deadlineMs,
      bytesPerSecond: typeof speed === 'number' ? speed : (this.#down.values.at(-1) ?? null),
    };
    const hasStarted = input !== null && input.receivedBytes !== null;
    return {
      targets: forecast ? [{ forecast, limitMs: aims.em.deadlineMs, hasStarted }] : [],
      outcomes: [{ kind: 'emHere', roomCode: null, outcome: doneAtMs }],
    };
  }

  #arrivalOf(input: EmInput | null, aims: SiteAims) {
    const em = aims.em;
    return {
      totalBytes: input?.totalBytes ?? em?.bytes ?? 0,
      receivedBytes: input?.receivedBytes ?? null,
      receivedAtMs: input?.receivedAtMs ?? null,
      doneAtMs: input?.doneAtMs ?? null,
      openFromMs: em?.openFromMs ?? 0,
      deadlineMs: em?.deadlineMs ?? null,
      windows: this.#bytes.windows,
      testedBytesPerSecond: this.#down.values,
      contractBytesPerSecond: aims.contractBytesPerSecond,
      agentRange: input?.range ?? null,
    };
  }

  #lookAtUplink({ videoMs }: SiteAims, nowMs: number): SiteLook {
    const input: UplinkInput | null = this.#inputs.uplink;
    if (!input) return nothing;
    const forecast = forecastUplinkLoad(
      this.#siteCode,
      {
        cameras: input.cameras,
        cameraBytesPerSecond: input.cameraBytesPerSecond,
        emBytesPerSecond: input.emBytesPerSecond,
        testedBytesPerSecond: this.#up.values,
        limit: defaultThresholds.uplinkOkRatio,
      },
      nowMs,
    );
    const hasStarted = videoMs !== null && nowMs >= videoMs;
    return {
      targets: forecast ? [{ forecast, limitMs: videoMs, hasStarted }] : [],
      outcomes: [{ kind: 'uplinkLoad', roomCode: null, outcome: this.#load }],
    };
  }
}

const nothing: SiteLook = { targets: [], outcomes: [] };

/** The newest tests of a line, each once. */
class LineTests {
  #newestAtMs = Number.NEGATIVE_INFINITY;
  #values: readonly number[] = [];

  get values(): readonly number[] {
    return this.#values;
  }

  add(bytesPerSecond: number | null, atMs: number | null): void {
    if (bytesPerSecond === null || atMs === null || atMs <= this.#newestAtMs) return;
    this.#newestAtMs = atMs;
    this.#values = [...this.#values, bytesPerSecond].slice(-LINE_TESTS);
  }
}
