import {
  CameraBook,
  RETURN_GRACE_MS,
  type AgentPlan,
  type Claim,
  type EnrolledWorkstation,
  type LiveMunicipality,
  type LiveSite,
  type LiveStage,
  type RehearsalOverview,
  type TakenHeartbeat,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import type { Scope } from '../access/scope.ts';
import type { ReadinessAnswer } from '../api/routes/readiness.ts';
import type { ChangedBy } from '../region/region-store.ts';
import { COLLECTOR_VERSION } from '../version.ts';
import { adopted, type AdoptResult } from './adopt.ts';
import { refusedClaim, refusedMoment, type ClaimOutcome } from './claim-check.ts';
import { isCounter, RehearsalDay } from './day.ts';
import { ForecastPace } from './forecast-pace.ts';
import { HeardOrder } from './heard-order.ts';
import { forecastInputs } from './forecast-inputs.ts';
import { Places } from './places.ts';
import { regionOverview } from './region-overview.ts';
import type { RehearsalParts } from './rehearsal-parts.ts';
import type { RehearsalClock } from './rehearsal-clock.ts';
import { ShownRegion, liveMunicipalities } from './shown-region.ts';
import { liveSiteOf, liveStageOf, type ClaimDraft, type SiteStanding } from './standing.ts';

/** Changes of workstations are taken in, and time goes on, this often. */
const TICK_MS = 1_000;
/** What must be known after a restart is written this often. */
const SAVE_MS = 5_000;
/** In a simulation nobody waits as long as `RETURN_GRACE_MS`, real time. */
const SIMULATED_RETURN_GRACE_MS = 15_000;
const noRooms: ReadonlySet<string> = new Set();

/** Stages of a site as boards show them, room by room. */
export interface SiteStages {
  readonly site: LiveSite;
  readonly rooms: { readonly roomCode: string; readonly stages: LiveStage[] }[];
}

/**
 * The rehearsal that the collector watches: the region that should be there, the plan that should
 * hold, and what is heard and claimed against both.
 */
export class Rehearsal {
  readonly #parts: RehearsalParts;
  readonly #places = new Places();
  readonly #order = new HeardOrder();
  readonly #dirty = new Set<string>();
  /** Sites to be shown otherwise, and those whose numbers moved. */
  readonly #dirtySites = new Set<string>();
  readonly #pace = new ForecastPace();
  readonly #cameras = new CameraBook();
  readonly #shown: ShownRegion;
  readonly #planListeners = new Set<() => void>();
  readonly #stops: (() => void)[] = [];
  #day: RehearsalDay | undefined;
  #savedAtMs = 0;

  constructor(parts: RehearsalParts) {
    this.#parts = parts;
    this.#shown = new ShownRegion(parts.region.current().region);
    const { fleet, bus, plans, region } = parts;
    this.#places.setRegion(region.current().region);
    for (const { id } of parts.enrolments.list()) this.#put(id);
    this.#setDay();
    this.#stops.push(
      fleet.onChange((state) => this.#dirty.add(state.id)),
      fleet.onRemove((state) => this.#dirty.add(state.id)),
      bus.subscribe('heartbeat', (beat) => this.#took(beat)),
      bus.subscribe('enrolment', ({ workstationId }) => this.#enrolled(workstationId)),
      plans.onChange(() => this.#changed()),
      region.onChange(() => this.#changed()),
    );
    const timer = setInterval(() => this.tick(), TICK_MS);
    this.#stops.push(() => clearInterval(timer));
  }

  get nowMs(): number {
    return this.#parts.clock.at(this.#parts.now().wallMs);
  }

  get clock(): RehearsalClock {
    return this.#parts.clock;
  }

  get planVersion(): number | undefined {
    return this.#day?.setting.version;
  }

  /** Calls when a site is to be shown otherwise; null when it left the registry. */
  onSite(listener: (code: string, site: LiveSite | null) => void): void {
    this.#shown.onSite(listener);
  }

  /** Calls when municipalities are to be shown otherwise. */
  onMunicipalities(listener: () => void): void {
    this.#shown.onMunicipalities(listener);
  }

  /** Calls when agents are to be told another plan. */
  onPlan(listener: () => void): void {
    this.#planListeners.add(listener);
  }

  /** A workstation's part of the live plan. */
  agentPlanOf(id: string): AgentPlan | undefined {
    const placement = this.#parts.enrolments.find(id)?.placement;
    return placement && this.#day?.planOf(id, placement);
  }

  /** Takes in what changed, goes on to now, and tells what is to be shown. */
  tick(): void {
    const { nowMs } = this;
    const day = this.#day;
    if (day) {
      for (const { workstationId, rule } of day.rules(nowMs)) this.#rule(workstationId, rule);
    }
    for (const id of this.#dirty) this.#see(id, nowMs);
    this.#dirty.clear();
    for (const code of day?.tick(nowMs) ?? []) this.#dirtySites.add(code);
    for (const code of this.#dirtySites) this.#pace.moved(code);
    for (const code of this.#pace.take(nowMs)) this.#forecast(code, nowMs);
    this.#parts.forecasts.tick(nowMs);
    for (const code of this.#dirtySites) this.#show(code);
    this.#dirtySites.clear();
    this.#save();
  }

  /** Checks a person's word, writes it and goes by it. `saidAtMs`: in a played day, before it. */
  claim(
    draft: ClaimDraft,
    { by, saidAtMs }: { readonly by: string; readonly saidAtMs: number | null },
  ): ClaimOutcome {
    const { nowMs } = this;
    const day = this.#day;
    const live = this.#parts.plans.current();
    const isPlayed = this.#parts.clock.isSimulated;
    const refused =
      refusedMoment(saidAtMs, { nowMs, isPlayed }) ??
      refusedClaim(draft, this.standingOf(draft.siteCode), day?.stagesOf(draft.siteCode));
    if (refused) return refused;
    if (!day || !live) return { kind: 'refused', reason: 'noPlan', detail: 'there is no plan' };
    const atMs = Math.round(saidAtMs ?? nowMs);
    const claim = this.#parts.claimsOf(live.planId).add({ ...draft, by, atMs });
    day.heed(claim, nowMs);
    this.#dirtySites.add(draft.siteCode);
    return { kind: 'made', claim };
  }

  claimsOf(siteCode: string): readonly Claim[] {
    const live = this.#parts.plans.current();
    return live ? this.#parts.claimsOf(live.planId).ofSite(siteCode) : [];
  }

  /** Everything that is known of a site of the registry. */
  standingOf(siteCode: string): SiteStanding | undefined {
    const { region } = this.#parts.region.current();
    const site = this.#places.siteOf(siteCode);
    if (!site) return undefined;
    const day = this.#day;
    return {
      site,
      municipality:
        region.municipalities.find(({ slug }) => slug === site.municipality)?.name ??
        site.municipality,
      timeZone: site.timeZone ?? region.timeZone,
      involvement: day?.involvementOf(siteCode) ?? null,
      planned: this.#places.plannedAt(siteCode),
      match: this.#places.matchOf(siteCode),
      stages: day?.stagesOf(siteCode) ?? [],
      doneRooms: day?.doneRoomsOf(siteCode) ?? noRooms,
      readiness: day?.summaryOf(siteCode, this.nowMs) ?? null,
    };
  }

  /** All that a readiness sheet tells, but for its language. */
  readinessSheetOf(siteCode: string): ReadinessAnswer {
    const { region } = this.#parts.region.current();
    const standing = this.standingOf(siteCode);
    if (!standing) return { kind: 'unknownSite' };
    const { nowMs } = this;
    const readiness = this.#day?.readinessOf(siteCode, nowMs);
    if (!this.#day || !readiness) return { kind: 'noPlan' };
    const { site, timeZone } = standing;
    const rehearsal = this.#day.setting.plan.title;
    const sheet = { site, readiness, rehearsal, isSample: region.isSample, nowMs, timeZone };
    return { kind: 'known', sheet };
  }

  /** Stages of a site and of its rooms as they are shown. */
  stagesOf(siteCode: string): SiteStages | undefined {
    const standing = this.standingOf(siteCode);
    if (!standing) return undefined;
    const rooms = this.#day?.roomStagesOf(siteCode) ?? [];
    return {
      site: liveSiteOf(standing),
      rooms: rooms.map(({ roomCode, states }) => ({ roomCode, stages: states.map(liveStageOf) })),
    };
  }

  /** Sites of the registry as boards show them; made anew only where something may be otherwise. */
  liveSites(): LiveSite[] {
    return this.#parts.region.current().region.sites.flatMap(({ code }) => {
      const make = (): LiveSite | undefined => this.#liveSite(code);
      return (this.#dirtySites.has(code) ? make() : this.#shown.site(code, make)) ?? [];
    });
  }

  liveMunicipalities(): LiveMunicipality[] {
    return liveMunicipalities(this.#parts.region.current().region);
  }

  /** What the overview tells of region and plan, as far as somebody may see; null without a registry. */
  overview(scope: Scope): RehearsalOverview | null {
    const { region, plans, fleet, clock, emSummary } = this.#parts;
    const known = { day: this.#day, places: this.#places, cameras: this.#cameras };
    const [stored, live, emDownload] = [region.current(), plans.current(), emSummary()];
    const { nowMs } = this;
    const workstations = fleet.all();
    return regionOverview({
      ...known,
      stored,
      live,
      emDownload,
      workstations,
      clock,
      nowMs,
      scope,
    });
  }

  /** Agents that no planned place is left for. */
  unplanned(): EnrolledWorkstation[] {
    if (this.#parts.region.current().version === 0) return [];
    return this.#places.unplanned().flatMap((id) => this.#places.find(id) ?? []);
  }

  /** Takes a workstation that nobody planned into the registry. */
  adopt(id: string, by: ChangedBy): AdoptResult {
    const found = this.unplanned().find((each) => each.id === id);
    return adopted(found, this.#parts.region, by);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#save(true);
  }

  /** Another plan or another region. */
  #changed(): void {
    const { region } = this.#parts.region.current();
    this.#places.setRegion(region);
    this.#setDay();
    this.#shown.setRegion(region);
    for (const { code } of region.sites) this.#dirtySites.add(code);
    for (const listener of this.#planListeners) listener();
  }

  #setDay(): void {
    const live = this.#parts.plans.current();
    const { region } = this.#parts.region.current();
    const { nowMs } = this;
    if (!live) {
      this.#day = undefined;
    } else if (this.#day?.setting.plan.id === live.planId) {
      this.#day.change({ plan: live.plan, version: live.version, region }, nowMs);
    } else {
      this.#save(true);
      this.#day = this.#openDay(live, nowMs);
    }
    this.#cameras.setSites(region.sites.filter(({ code }) => this.#takesPart(code)));
    for (const { id, placement } of this.#parts.enrolments.list())
      this.#rule(id, this.#day?.place(id, placement, nowMs) ?? null);
    for (const { id } of this.#parts.fleet.all()) this.#dirty.add(id);
  }

  /** Without a plan nobody has said who takes part: all do. */
  #takesPart(siteCode: string): boolean {
    return !this.#day || this.#day.involvementOf(siteCode)?.verdict === 'takesPart';
  }

  #openDay(
    live: NonNullable<ReturnType<RehearsalParts['plans']['current']>>,
    nowMs: number,
  ): RehearsalDay {
    const { clock, claimsOf, keptOf, forecasts, region, enrolments } = this.#parts;
    const [claims, kept] = [claimsOf(live.planId), keptOf(live.planId)];
    if (clock.isSimulated) {
      // A played day begins anew with each start.
      claims.clear();
      kept.clear();
      forecasts.restart();
    }
    return new RehearsalDay(
      { plan: live.plan, version: live.version, region: region.current().region },
      {
        agentVersion: COLLECTOR_VERSION,
        claims,
        kept,
        returnGraceMs: clock.isSimulated
          ? SIMULATED_RETURN_GRACE_MS * clock.speed
          : RETURN_GRACE_MS,
        toRehearsalMs: (wallMs) => clock.at(wallMs),
        isEnrolled: (id) => enrolments.find(id) !== undefined,
      },
      nowMs,
    );
  }

  #enrolled(id: string): void {
    const placement = this.#parts.enrolments.find(id)?.placement;
    this.#put(id);
    if (placement) this.#rule(id, this.#day?.place(id, placement, this.nowMs) ?? null);
    this.#dirty.add(id);
  }

  #put(id: string): void {
    const enrolment = this.#parts.enrolments.find(id);
    if (!enrolment) return;
    const { placement, enrolledAtMs } = enrolment;
    const wasHeard = this.#parts.fleet.get(id)?.lastSeenAtMs != null;
    for (const code of this.#places.put({ id, placement, enrolledAtMs, wasHeard }))
      this.#dirtySites.add(code);
  }

  #rule(id: string, rule: WorkstationState['rule']): void {
    const flips = this.#parts.fleet.rule(id, rule, this.#parts.now());
    if (flips.length > 0) this.#parts.bus.publish('flips', flips);
  }

  #took(beat: TakenHeartbeat): void {
    const { fleet, now } = this.#parts;
    this.#order.take(beat, now().monotonicMs);
    const state = beat.delivery === 'live' ? undefined : fleet.get(beat.workstationId);
    if (!state || !this.#day || !Object.keys(beat.metrics).some(isCounter)) return;
    this.#day.seeLate(state, beat, this.nowMs);
    this.#pace.moved(state.placement.siteCode);
  }

  #see(id: string, nowMs: number): void {
    const state = this.#parts.fleet.get(id);
    const known = this.#places.find(id);
    if (!state) {
      for (const code of this.#places.drop(id)) this.#dirtySites.add(code);
      this.#day?.forget(id, nowMs);
      this.#cameras.forget(id);
    }
    if (!state || !known) return;
    if (known.wasHeard === false && state.lastSeenAtMs !== null) this.#put(id);
    const isHistoryComing = this.#order.isWaiting(id, this.#parts.now().monotonicMs);
    const { enrolledAtMs } = known;
    this.#day?.see({ state, enrolledAtMs, isHistoryComing }, nowMs);
    this.#cameras.see(state);
    // Numbers of forecasts move without a verdict.
    this.#pace.moved(state.placement.siteCode);
  }

  #forecast(siteCode: string, nowMs: number): void {
    const day = this.#day;
    const standing = day && this.standingOf(siteCode);
    if (!standing || (standing.involvement?.tracks.length ?? 0) === 0) return;
    const { clock, fleet, forecasts } = this.#parts;
    const workstations = [...this.#places.at(siteCode)].flatMap(({ id }) => fleet.get(id) ?? []);
    const toRehearsalMs = (wallMs: number): number => clock.at(wallMs);
    forecasts.site(siteCode, forecastInputs(day, standing, { workstations, toRehearsalMs }), nowMs);
  }

  #show(code: string): void {
    const site = this.#liveSite(code);
    if (site) this.#shown.show(site);
  }

  #liveSite(code: string): LiveSite | undefined {
    const standing = this.standingOf(code);
    return standing && liveSiteOf(standing);
  }

  #save(isLast = false): void {
    const atMs = this.#parts.now().monotonicMs;
    if (!isLast && atMs - this.#savedAtMs < SAVE_MS) return;
    this.#savedAtMs = atMs;
    try {
      this.#day?.save(isLast);
    } catch (error) {
      this.#parts.log.error({ error: String(error) }, 'the rehearsal is not written; tried again');
    }
  }
}
