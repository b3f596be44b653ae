import { encode } from '../encode.ts';
import type { Incident } from '../incidents/incident.ts';
import type { LiveMunicipality, LiveSite } from '../messages/live-parts.ts';
import type { Overview, Snapshot } from '../messages/live.ts';
import type { WorkstationState } from '../fleet/workstation-state.ts';
import {
  beatOf,
  deltaOf,
  roundedMoment,
  snapshotOf,
  type FrameMoment,
  type IncidentChanges,
  type IndexedState,
  type LiveIncidents,
  type RegionChanges,
} from './frames.ts';
import { snapshotFrames, snapshotText } from './site-text.ts';
import { isPointDue, noTrend, withPoint } from './trend.ts';

/** What a feed reads at the moment it makes a frame. */
export interface FeedSources {
  readonly all: () => Iterable<WorkstationState>;
  readonly overview: () => Overview;
  /** Sites of the registry, none without one. */
  readonly sites: () => readonly LiveSite[];
  /** Municipalities of the registry, in its order. */
  readonly municipalities: () => readonly LiveMunicipality[];
  readonly incidents: () => LiveIncidents;
  /** Collector's wall clock, ms since 1970 UTC. */
  readonly wallMs: () => number;
  readonly dataAgeMs: () => number | null;
}

/** A snapshot, and its texts once they were asked for. */
interface KeptSnapshot {
  readonly snapshot: Snapshot;
  text?: string;
  frames?: readonly string[];
}

/**
 * The numbered frames of one collector, encoded once for all boards. Knows nothing of sockets and
 * timers. Numbers count frames of the feed, not of a board.
 */
export class LiveFeed {
  readonly #sources: FeedSources;
  readonly #indexes = new Map<string, number>();
  /** What boards were last told of a workstation. */
  readonly #shown = new Map<string, WorkstationState>();
  readonly #changed = new Map<string, WorkstationState>();
  /** Numbers of those that are enrolled no more. */
  readonly #removed = new Set<number>();
  readonly #changedSites = new Map<string, LiveSite | null>();
  readonly #changedIncidents = new Map<string, Incident>();
  #haveSilencesChanged = false;
  #haveMunicipalitiesChanged = false;
  #trend = noTrend;
  #seq = 0;
  #snapshot: KeptSnapshot | undefined;

  constructor(sources: FeedSources) {
    this.#sources = sources;
  }

  /** Remembers that a workstation is no longer as shown; only its newest state is sent. */
  change(state: WorkstationState): void {
    this.#changed.set(state.id, state);
    const index = this.#indexes.get(state.id);
    // It came back within the same frame: that one tells all of it.
    if (index !== undefined) this.#removed.delete(index);
  }

  /** Remembers that a workstation is enrolled no more. */
  remove(id: string): void {
    this.#changed.delete(id);
    this.#shown.delete(id);
    const index = this.#indexes.get(id);
    if (index !== undefined) this.#removed.add(index);
  }

  /** Remembers that a site is no longer as shown; null when it left the registry. */
  changeSite(code: string, site: LiveSite | null): void {
    this.#changedSites.set(code, site);
  }

  /** Remembers that municipalities are other than shown. */
  changeMunicipalities(): void {
    this.#haveMunicipalitiesChanged = true;
  }

  /** Remembers that an incident opened, changed or is over. */
  changeIncident(incident: Incident): void {
    this.#changedIncidents.set(incident.id, incident);
  }

  /** Remembers that silences are other than shown. */
  changeSilences(): void {
    this.#haveSilencesChanged = true;
  }

  /**
   * The next delta, or undefined when nothing changed. `wanted` false counts the frame without
   * encoding it: nobody listens.
   */
  nextDelta(wanted: boolean): string | undefined {
    if (!this.#hasNews()) return undefined;
    this.#seq += 1;
    const changed = [...this.#changed.values()].map((state) => ({
      ...this.#indexed(state),
      shown: this.#shown.get(state.id),
    }));
    this.#changed.clear();
    const removed = [...this.#removed];
    this.#removed.clear();
    const region = this.#takeRegion();
    const incidents = this.#takeIncidents();
    for (const { state } of changed) this.#shown.set(state.id, state);
    return wanted
      ? encode(deltaOf(this.#moment(), changed, { removed, region, incidents }))
      : undefined;
  }

  /** Everything as of the newest frame, whole. Changes not yet sent must go out before: `nextDelta`. */
  snapshot(): string {
    const kept = this.#takeSnapshot();
    return (kept.text ??= snapshotText(kept.snapshot));
  }

  /** The same as frames for a board. */
  snapshotFrames(): readonly string[] {
    const kept = this.#takeSnapshot();
    return (kept.frames ??= snapshotFrames(kept.snapshot));
  }

  #takeSnapshot(): KeptSnapshot {
    if (this.#snapshot?.snapshot.seq === this.#seq) return this.#snapshot;
    const all = [...this.#sources.all()];
    for (const state of all) this.#shown.set(state.id, state);
    const states = all.map((state) => this.#indexed(state));
    const snapshot = snapshotOf(this.#moment(), this.#sources.overview(), states, {
      sites: this.#sources.sites(),
      municipalities: this.#sources.municipalities(),
      trend: this.#trend,
      incidents: this.#sources.incidents(),
    });
    this.#snapshot = { snapshot };
    return this.#snapshot;
  }

  /**
   * The proof of life. `wanted` false, nobody listens: only the trend goes on, and undefined is
   * answered.
   */
  nextBeat(wanted: boolean): string | undefined {
    // What a snapshot says of the time and the overview is as old as the beat before.
    this.#snapshot = undefined;
    const moment = roundedMoment(this.#moment());
    const atMs = moment.serverTimeMs;
    const isDue = isPointDue(this.#trend, atMs);
    if (!wanted && !isDue) return undefined;
    const overview = this.#sources.overview();
    if (isDue) {
      const { rxBytesPerSecond } = overview.throughput;
      this.#trend = withPoint(this.#trend, { atMs, rxBytesPerSecond });
    }
    return wanted ? encode(beatOf(moment, overview)) : undefined;
  }

  #hasNews(): boolean {
    const sizes = [
      this.#changed.size,
      this.#removed.size,
      this.#changedSites.size,
      this.#changedIncidents.size,
    ];
    if (this.#haveSilencesChanged || this.#haveMunicipalitiesChanged) return true;
    return sizes.some((size) => size > 0);
  }

  #takeRegion(): RegionChanges {
    const sites = [...this.#changedSites];
    this.#changedSites.clear();
    const municipalities = this.#haveMunicipalitiesChanged ? this.#sources.municipalities() : null;
    this.#haveMunicipalitiesChanged = false;
    return {
      changed: sites.flatMap(([, site]) => (site === null ? [] : [site])),
      removed: sites.flatMap(([code, site]) => (site === null ? [code] : [])),
      municipalities,
    };
  }

  #takeIncidents(): IncidentChanges {
    const all = [...this.#changedIncidents.values()];
    this.#changedIncidents.clear();
    const silences = this.#haveSilencesChanged ? this.#sources.incidents().silences : null;
    this.#haveSilencesChanged = false;
    const isOver = ({ resolvedAtMs }: Incident): boolean => resolvedAtMs !== null;
    return {
      changed: all.filter((each) => !isOver(each)),
      ended: all.filter(isOver),
      silences,
    };
  }

  #indexed(state: WorkstationState): IndexedState {
    let index = this.#indexes.get(state.id);
    if (index === undefined) this.#indexes.set(state.id, (index = this.#indexes.size));
    return { index, state };
  }

  #moment(): FrameMoment {
    return {
      seq: this.#seq,
      serverTimeMs: this.#sources.wallMs(),
      dataAgeMs: this.#sources.dataAgeMs(),
    };
  }
}
