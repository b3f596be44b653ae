import {
  emRegion,
  scoresOf,
  type EmRegion,
  type Forecast,
  type ForecastHorizon,
  type ForecastScore,
  type Plan,
  type PrintSummary,
  type Region,
} from '@ppe-pulse/protocol';
import type { StateDatabase } from '../state/database.ts';
import {
  createForecastLog,
  type ErrorQuery,
  type ForecastQuery,
  type LoggedForecast,
  type OutcomeKey,
} from './forecast-log.ts';
import { horizonsDue } from './horizons.ts';
import type { SiteForecastInputs } from './inputs.ts';
import { SiteForecasts } from './site-forecasts.ts';
import { siteAims, type SiteAims } from './site-times.ts';

/** What a book needs of the collector. */
export interface ForecastBookParts {
  readonly database: StateDatabase;
  /** The live plan; null while there is none: nothing is forecast then. */
  readonly plan: () => Plan | null;
  readonly region: () => Region;
}

/** What is forecast of a site now. */
export interface CurrentForecasts {
  readonly forecasts: readonly Forecast[];
  /** Null where the site prints nothing. */
  readonly prints: PrintSummary | null;
}

/** Forecasts of the rehearsal that is on: made, written down, and scored after the fact. */
export interface ForecastBook {
  /** What is known of a site has changed. Times are of the rehearsal's clock. */
  site(siteCode: string, inputs: SiteForecastInputs, nowMs: number): void;
  /** Time goes on: forecasts are made anew at a bounded rate, and what is due is written down. */
  tick(nowMs: number): void;
  current(siteCode: string): CurrentForecasts;
  /** Current ones of all sites. */
  all(): Iterable<Forecast>;
  regionEm(nowMs: number): EmRegion;
  /** Written down, newest first. */
  list(query: ForecastQuery): readonly LoggedForecast[];
  /** How good those with an outcome were: the table at the end. */
  scores(query?: ErrorQuery): readonly ForecastScore[];
  /** The rehearsal begins anew, as a simulation does: what it wrote down is forgotten. */
  restart(): void;
}

/** A site is looked at again after this long, of the rehearsal's clock, and not sooner. */
const REFRESH_MS = 5_000;
/** Sites of one tick: 6,000 of them come round in 15. */
const SITES_PER_TICK = 400;
/** Changes are written in one transaction a tick, and at once when there are this many. */
const UNWRITTEN_MAX = 2_000;
/** A region's rehearsal writes some 10,000; the country's 400,000. */
const KEPT_FORECASTS = 1_000_000;

/** A book over the state database. */
export function createForecastBook(parts: ForecastBookParts): ForecastBook {
  return new Book(parts);
}

/** A site and what of it is written down. */
interface Page {
  readonly forecasts: SiteForecasts;
  readonly written: Map<string, Set<ForecastHorizon>>;
  readonly outcomes: Map<string, number | null>;
  lookedAtMs: number;
  isStale: boolean;
}

class Book implements ForecastBook {
  readonly #parts: ForecastBookParts;
  readonly #log;
  readonly #pages = new Map<string, Page>();
  #aims: ((siteCode: string) => SiteAims | undefined) | undefined;
  #plan: Plan | null = null;
  #region: Region | undefined;
  #run = '';
  #unwritten: (() => void)[] = [];
  /** Of the whole rehearsal, until something is written. */
  #scores: readonly ForecastScore[] | undefined;
  /** Sites that wait for their turn. */
  #queue: string[] = [];

  constructor(parts: ForecastBookParts) {
    this.#parts = parts;
    this.#log = createForecastLog(parts.database);
  }

  site(siteCode: string, inputs: SiteForecastInputs, nowMs: number): void {
    this.#follow();
    if (!this.#aims?.(siteCode)) {
      this.#pages.get(siteCode)?.forecasts.clear();
      return;
    }
    const page = this.#pageOf(siteCode);
    page.forecasts.take(inputs, nowMs);
    page.isStale = true;
    if (Math.abs(nowMs - page.lookedAtMs) >= REFRESH_MS) this.#look(siteCode, page, nowMs);
  }

  tick(nowMs: number): void {
    this.#follow();
    if (this.#queue.length === 0) this.#queue = [...this.#pages.keys()];
    for (const siteCode of this.#queue.splice(0, SITES_PER_TICK)) {
      const page = this.#pages.get(siteCode);
      const isDue = page && Math.abs(nowMs - page.lookedAtMs) >= REFRESH_MS;
      if (isDue) this.#look(siteCode, page, nowMs);
    }
    this.#flush();
  }

  current(siteCode: string): CurrentForecasts {
    const forecasts = this.#pages.get(siteCode)?.forecasts;
    return { forecasts: forecasts?.forecasts ?? [], prints: forecasts?.prints ?? null };
  }

  *all(): Iterable<Forecast> {
    for (const { forecasts } of this.#pages.values()) yield* forecasts.forecasts;
  }

  regionEm(nowMs: number): EmRegion {
    this.#follow();
    const sites = [...this.#pages].flatMap(([siteCode, page]) => {
      if (page.isStale) this.#look(siteCode, page, nowMs);
      return page.forecasts.em ?? [];
    });
    return emRegion(sites);
  }

  list(query: ForecastQuery): readonly LoggedForecast[] {
    this.#follow();
    this.#flush();
    return this.#log.list(this.#run, query);
  }

  scores(query: ErrorQuery = {}): readonly ForecastScore[] {
    this.#follow();
    this.#flush();
    // A board asks once a second, and outcomes come for minutes of the day.
    const isWhole = query.kind === undefined && query.siteCode === undefined;
    if (!isWhole) return scoresOf(this.#log.errors(this.#run, query));
    this.#scores ??= scoresOf(this.#log.errors(this.#run, {}));
    return this.#scores;
  }

  restart(): void {
    this.#follow();
    this.#unwritten = [];
    this.#scores = undefined;
    this.#log.forget(this.#run);
    this.#pages.clear();
    this.#queue = [];
  }

  /** The plan may be edited and the region imported at any time; another rehearsal begins anew. */
  #follow(): void {
    const [plan, region] = [this.#parts.plan(), this.#parts.region()];
    if (plan === this.#plan && region === this.#region) return;
    const run = plan === null ? '' : `${plan.id} ${plan.date}`;
    if (run !== this.#run) {
      this.#scores = undefined;
      this.#flush();
      this.#pages.clear();
      this.#queue = [];
    }
    this.#aims = plan === null ? undefined : siteAims(plan, region);
    [this.#plan, this.#region, this.#run] = [plan, region, run];
    for (const page of this.#pages.values()) page.isStale = true;
  }

  #pageOf(siteCode: string): Page {
    const known = this.#pages.get(siteCode);
    if (known) return known;
    const page: Page = {
      forecasts: new SiteForecasts(siteCode),
      written: new Map(),
      outcomes: new Map(),
      lookedAtMs: Number.NEGATIVE_INFINITY,
      isStale: true,
    };
    for (const { horizon, ...key } of this.#log.written(this.#run, siteCode)) {
      writtenOf(page, key).add(horizon);
    }
    this.#pages.set(siteCode, page);
    return page;
  }

  #look(siteCode: string, page: Page, nowMs: number): void {
    page.lookedAtMs = nowMs;
    page.isStale = false;
    const aims = this.#aims?.(siteCode);
    if (!aims) {
      page.forecasts.clear();
      return;
    }
    const { targets, outcomes } = page.forecasts.look(aims, nowMs);
    const run = this.#run;
    const known = new Set(outcomes.flatMap((of) => (of.outcome === null ? [] : nameOf(of))));
    for (const target of targets) {
      const { forecast } = target;
      // Nobody is praised for a forecast of yesterday.
      if (known.has(nameOf(forecast))) continue;
      const written = writtenOf(page, forecast);
      for (const horizon of horizonsDue(target, nowMs, written)) {
        written.add(horizon);
        this.#write(() => this.#log.append(run, horizon, forecast));
      }
    }
    for (const { outcome, ...of } of outcomes) {
      const key = { siteCode, ...of };
      const name = nameOf(key);
      if (outcome === (page.outcomes.get(name) ?? null)) continue;
      page.outcomes.set(name, outcome);
      this.#write(() => this.#log.settle(run, key, outcome));
    }
  }

  #write(change: () => void): void {
    this.#unwritten.push(change);
    if (this.#unwritten.length >= UNWRITTEN_MAX) this.#flush();
  }

  #flush(): void {
    if (this.#unwritten.length === 0) return;
    const changes = this.#unwritten;
    this.#unwritten = [];
    this.#scores = undefined;
    this.#parts.database.transaction(() => {
      for (const change of changes) change();
      this.#log.trim(KEPT_FORECASTS);
    });
  }
}

function nameOf({ kind, roomCode }: Pick<OutcomeKey, 'kind' | 'roomCode'>): string {
  return `${kind} ${roomCode ?? ''}`;
}

function writtenOf(page: Page, key: OutcomeKey): Set<ForecastHorizon> {
  const name = nameOf(key);
  const known = page.written.get(name);
  if (known) return known;
  const made = new Set<ForecastHorizon>();
  page.written.set(name, made);
  return made;
}
