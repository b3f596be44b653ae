import type { Evidence } from '../messages/shared.ts';
import type { Moment } from '../session/clock-mapping.ts';
import { reachOf, stillCovers } from './blast-radius.ts';
import { Census } from './census.ts';
import { causeOf, failingStages, type Fault } from './fault.ts';
import { Faults } from './faults.ts';
import type { IncidentChange, IncidentCore, PersonResolution, Resolution } from './incident.ts';
import { endedView, isSameView, viewOf, type OpenIncident } from './incident-view.ts';
import type { KeptFault } from './kept-fault.ts';
import { OpenIncidents, isShared } from './open-incidents.ts';
import type { Phase } from './phase.ts';
import { keptOf, restoredFault } from './restored-fault.ts';
import { alertRuleOf } from './rules.ts';
import type { SitePlace } from './site-place.ts';
import {
  collectorNode,
  covers,
  isWider,
  placeIn,
  type StationPlace,
  type TreeNode,
} from './tree.ts';
import type { SeenStation, Upset } from './upset.ts';

/** What the engine asks of its owner. */
export interface IncidentEngineParts {
  /** Undefined for a site that the registry does not know. */
  readonly placeOf: (siteCode: string) => SitePlace | undefined;
  readonly phaseOf: (siteCode: string) => Phase;
  /** Number of the next incident, never given twice. */
  readonly nextNumber: () => number;
}

/** Something wrong with the collector itself. */
export interface CollectorProblem {
  readonly kind: 'collector.line' | 'collector.store';
  readonly reason: string;
  readonly evidence: Evidence;
}

/** What must be written after a change. */
export interface UnsavedFaults {
  readonly changed: readonly KeptFault[];
  readonly gone: readonly Pick<KeptFault, 'sourceId' | 'checkId'>[];
}

const COLLECTOR = 'collector';
/** Every incident is looked at anew in this time: severities follow the clock of the plan. */
const WEIGH_EVERY_MS = 5_000;
/** A wide incident of which little is left ends after this, and the rest stands alone. */
const UNFOLD_AFTER_MS = 2 * 60_000;

/**
 * Folds verdicts into incidents: one line for one cause. Each fault that is told belongs to exactly one
 * open incident, at the widest node whose parts fail together. Time comes in, steps go out.
 */
export class IncidentEngine {
  readonly #parts: IncidentEngineParts;
  readonly #census = new Census();
  readonly #faults: Faults;
  readonly #open = new OpenIncidents();
  readonly #dirty = new Set<OpenIncident>();
  readonly #unsaved = new Set<Fault>();
  readonly #gone = new Map<string, Pick<KeptFault, 'sourceId' | 'checkId'>>();
  #unweighed: string[] = [];
  #weighedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: IncidentEngineParts) {
    this.#parts = parts;
    this.#faults = new Faults({
      changed: (fault) => this.#touch(fault),
      recaused: (fault, before) => this.#recaused(fault, before),
      gone: (fault, resolution) => this.#left(fault, resolution),
    });
  }

  /** Takes in a workstation that changed; cheap where nothing is or was wrong. */
  see(station: SeenStation, now: Moment): void {
    const { siteCode } = station.placement;
    const before = this.#census.find(station.id)?.place;
    const place = placeIn(station.id, station.placement, this.#parts.placeOf(siteCode));
    this.#census.put(station, place);
    const hasMoved = before && (before.siteCode !== siteCode || before.roomCode !== place.roomCode);
    if (hasMoved) this.#moved(place);
    this.#faults.see(station, () => this.#parts.phaseOf(siteCode), now);
  }

  /** A workstation that is no longer enrolled. */
  forget(stationId: string): void {
    this.#faults.drop(stationId, 'gone');
    this.#census.remove(stationId);
  }

  /** Lines of its old place let it go: what is still wrong is told where it stands now. */
  #moved(place: StationPlace): void {
    for (const fault of this.#faults.of(place.stationId)) {
      const incident = this.#open.get(fault.incidentId);
      if (!incident || (isShared(incident) && covers(incident.node, place))) continue;
      incident.faults.delete(fault);
      incident.lastGone = 'gone';
      this.#dirty.add(incident);
      if (incident.faults.size === 0) incident.ended = { resolution: 'gone', foldedInto: null };
      this.#faults.release(fault);
    }
  }

  /** All that is wrong with the collector now; empty for nothing. */
  seeCollector(problems: readonly CollectorProblem[], now: Moment): void {
    const upsets = problems.flatMap(({ kind, reason, evidence }): Upset[] => {
      const rule = alertRuleOf(kind);
      if (!rule) return [];
      const { openAfterMs } = rule;
      return [{ checkId: kind, rule, verdict: 'fail', reason, evidence, openAfterMs, outageMs: 0 }];
    });
    this.#faults.take(COLLECTOR, upsets, { now, isHeard: true });
  }

  /** Goes on to a moment; the steps in their order. Call it two to four times a second. */
  tick(now: Moment): readonly IncidentChange[] {
    this.#forgetUnseen();
    this.#faults.tick(now.monotonicMs);
    this.#weigh(now.monotonicMs);
    for (const incident of this.#dirty) this.#unfold(incident, now.monotonicMs);
    for (const cause of this.#faults.takeRipe()) this.#settle(cause, now);
    return this.#tell(now);
  }

  /**
   * A person's word; no change for one that is over. What still fails does not open anew before it
   * healed.
   */
  resolve(id: string, resolution: PersonResolution, now: Moment): readonly IncidentChange[] {
    const incident = this.#open.get(id);
    if (!incident || incident.ended) return [];
    for (const fault of incident.faults) {
      this.#faults.dismiss(fault);
      this.#unsaved.add(fault);
    }
    incident.faults.clear();
    incident.ended = { resolution, foldedInto: null };
    this.#dirty.add(incident);
    return this.#tell(now);
  }

  /** Open ones, the oldest first. */
  open(): readonly IncidentCore[] {
    return [...this.#open.all()].flatMap(({ told }) => told ?? []);
  }

  takeUnsaved(): UnsavedFaults {
    const gone = [...this.#gone.values()];
    const changed = [...this.#unsaved].map(keptOf);
    this.#gone.clear();
    this.#unsaved.clear();
    return { changed, gone };
  }

  /** Before the first `see`. Timers of what was pending begin anew: downtime is in no deadline. */
  restore(
    kept: { readonly incidents: readonly IncidentCore[]; readonly faults: readonly KeptFault[] },
    now: Moment,
  ): void {
    for (const told of kept.incidents) {
      const node: TreeNode = { id: told.node, level: told.level };
      const rule = alertRuleOf(told.kind);
      const cause = rule ? causeOf(rule, told.reason) : told.kind;
      const { id, kind, openedAtMs } = told;
      this.#dirty.add(this.#open.begin({ id, kind, node, cause, openedAtMs, told }));
    }
    for (const each of kept.faults) {
      const fault = restoredFault(each, now);
      const incident = this.#open.get(each.incidentId);
      if (!fault || (each.incidentId !== null && !incident)) continue;
      incident?.faults.add(fault);
      // A dark room's incident speaks of its outage; its cause is its faults'.
      if (incident && incident.cause !== fault.cause) this.#open.rekey(incident, fault.cause);
      this.#faults.restore(fault);
    }
  }

  /** A part of the incidents at each look, so that thousands of them make no pause. */
  #weigh(nowMs: number): void {
    const share = Math.min(1, (nowMs - this.#weighedMs) / WEIGH_EVERY_MS);
    this.#weighedMs = nowMs;
    let left = Math.ceil(this.#open.size * share);
    if (left > 0 && this.#unweighed.length === 0) this.#unweighed = this.#open.ids();
    for (; left > 0; left -= 1) {
      const incident = this.#open.get(this.#unweighed.pop() ?? null);
      if (incident) this.#dirty.add(incident);
    }
  }

  /** Opens incidents for what is ready, at the widest node that it belongs to. */
  #settle(cause: string, now: Moment): void {
    const failing = this.#faults.failingOf(cause);
    const rule = failing[0]?.rule;
    if (!rule) return;
    const located = failing.flatMap((fault) => {
      const place = this.#placeOf(fault);
      return place ? [{ fault, place, checkId: fault.checkId, sinceMs: fault.sinceMs }] : [];
    });
    const open = this.#open.sharedNodes(cause);
    const reach = reachOf({ rule, failing: located, census: this.#census, open });
    for (const [{ fault }, node] of reach) this.#assign(fault, node, now);
    for (const fault of failing)
      if (fault.sourceId === COLLECTOR) this.#assign(fault, collectorNode, now);
  }

  #assign(fault: Fault, node: TreeNode, now: Moment): void {
    if (fault.stage === 'pending') return;
    const before = this.#open.get(fault.incidentId);
    if (before && !isWider(node, before.node)) return;
    const { cause, rule } = fault;
    const incident =
      this.#open.at(node, cause) ??
      this.#open.begin({
        id: `i-${this.#parts.nextNumber()}`,
        kind: rule.kind,
        node,
        cause,
        openedAtMs: now.wallMs,
      });
    fault.stage = 'open';
    fault.incidentId = incident.id;
    incident.faults.add(fault);
    this.#unsaved.add(fault);
    this.#gone.delete(savedKey(fault));
    this.#dirty.add(incident);
    if (!before) return;
    before.faults.delete(fault);
    this.#dirty.add(before);
    if (before.faults.size === 0) before.ended = { resolution: 'folded', foldedInto: incident.id };
  }

  /** A wide incident of which little is left for long: the rest stands alone. */
  #unfold(incident: OpenIncident, nowMs: number): void {
    if (!isShared(incident) || incident.ended || incident.faults.size === 0) return;
    const failing = [...incident.faults].filter(({ stage }) => failingStages.has(stage));
    const rule = failing[0]?.rule;
    const located = failing.flatMap(({ sourceId, checkId, sinceMs }) => {
      const place = this.#census.find(sourceId)?.place;
      return place ? [{ place, checkId, sinceMs }] : [];
    });
    const isStrong =
      !rule || stillCovers(incident.node, { rule, failing: located, census: this.#census });
    if (isStrong) {
      incident.weakSinceMs = null;
      return;
    }
    incident.weakSinceMs ??= nowMs;
    if (nowMs - incident.weakSinceMs < UNFOLD_AFTER_MS) return;
    incident.ended = { resolution: 'unfolded', foldedInto: null };
    for (const fault of incident.faults) {
      incident.faults.delete(fault);
      this.#faults.release(fault);
    }
  }

  /** Steps of all that changed: ends that make room, openings, changes, then the other ends. */
  #tell(now: Moment): IncidentChange[] {
    const steps: { readonly order: number; readonly change: IncidentChange }[] = [];
    for (const incident of this.#dirty) {
      const step = this.#stepOf(incident, now);
      if (step) steps.push(step);
    }
    this.#dirty.clear();
    return steps.sort((a, b) => a.order - b.order).map(({ change }) => change);
  }

  #stepOf(incident: OpenIncident, now: Moment) {
    const { told } = incident;
    if (incident.faults.size === 0 || incident.ended) {
      this.#open.remove(incident);
      // Opened and folded within one tick: nobody knows it.
      if (!told) return undefined;
      const { resolution, foldedInto } = incident.ended ?? {
        resolution: incident.lastGone,
        foldedInto: null,
      };
      const end = { resolvedAtMs: now.wallMs, resolution, foldedInto };
      const over = endedView({ ...incident, told }, end);
      return {
        order: resolution === 'unfolded' ? 0 : 3,
        change: { kind: 'resolved', incident: over } satisfies IncidentChange,
      };
    }
    const context = { census: this.#census, phaseOf: this.#parts.phaseOf, nowMs: now.monotonicMs };
    const view = viewOf(incident, context);
    if (!view || (told && isSameView(told, view))) return undefined;
    incident.told = view;
    const isRaised = told?.severity === 'warning' && view.severity === 'critical';
    const kind = told === null ? 'opened' : isRaised ? 'raised' : 'changed';
    const change: IncidentChange = { kind, incident: view };
    return { order: kind === 'opened' ? 1 : 2, change };
  }

  #touch(fault: Fault): void {
    const incident = this.#open.get(fault.incidentId);
    if (!incident) return;
    this.#dirty.add(incident);
    this.#unsaved.add(fault);
  }

  /** Of one PC the line goes on with another reason; a shared line is no longer this fault's. */
  #recaused(fault: Fault, before: string): void {
    const incident = this.#open.get(fault.incidentId);
    if (!incident || incident.cause !== before) return;
    const other = this.#open.at(incident.node, fault.cause);
    if (!isShared(incident) && incident.faults.size === 1 && !other) {
      this.#open.rekey(incident, fault.cause);
      this.#touch(fault);
      return;
    }
    incident.faults.delete(fault);
    incident.lastGone = 'healed';
    this.#dirty.add(incident);
    this.#faults.release(fault);
  }

  #left(fault: Fault, resolution: Resolution): void {
    this.#unsaved.delete(fault);
    const { sourceId, checkId } = fault;
    this.#gone.set(savedKey(fault), { sourceId, checkId });
    const incident = this.#open.get(fault.incidentId);
    if (!incident) return;
    incident.faults.delete(fault);
    incident.lastGone = resolution;
    this.#dirty.add(incident);
  }

  /** What was kept of a workstation that is no longer enrolled. */
  #forgetUnseen(): void {
    if (this.#weighedMs !== Number.NEGATIVE_INFINITY) return;
    const sources = new Set([...this.#faults.all()].map(({ sourceId }) => sourceId));
    for (const sourceId of sources)
      if (sourceId !== COLLECTOR && !this.#census.find(sourceId))
        this.#faults.drop(sourceId, 'gone');
  }

  #placeOf({ sourceId }: Fault): StationPlace | undefined {
    return this.#census.find(sourceId)?.place;
  }
}

function savedKey({ sourceId, checkId }: Fault): string {
  return `${sourceId} ${checkId}`;
}
