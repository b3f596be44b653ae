import { encode } from '../encode.ts';
import type { Incident } from '../incidents/incident.ts';
import type { LiveSite, Overview } from '../messages/live.ts';
import type { WorkstationState } from '../fleet/workstation-state.ts';
import {
  beatOf,
  deltaOf,
  snapshotOf,
  type FrameMoment,
  type IncidentChanges,
  type IndexedState,
  type LiveIncidents,
  type SiteChanges,
} from './frames.ts';

/** What a feed reads at the moment it makes a frame. */
export interface FeedSources {
  readonly all: () => Iterable<WorkstationState>;
  readonly overview: () => Overview;
  /** Sites of the registry, none without one. */
  readonly sites: () => readonly LiveSite[];
  readonly incidents: () => LiveIncidents;
  /** Collector's wall clock, ms since 1970 UTC. */
  readonly wallMs: () => number;
  readonly dataAgeMs: () => number | null;
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
  readonly #changedSites = new Map<string, LiveSite | null>();
  readonly #changedIncidents = new Map<string, Incident>();
  #haveSilencesChanged = false;
  #seq = 0;
  #snapshot: { readonly seq: number; readonly frame: string } | undefined;

  constructor(sources: FeedSources) {
    this.#sources = sources;
  }

  /** Remembers that a workstation is no longer as shown; only its newest state is sent. */
  change(state: WorkstationState): void {
    this.#changed.set(state.id, state);
  }

  /** Remembers that a site is no longer as shown; null when it left the registry. */
  changeSite(code: string, site: LiveSite | null): void {
    this.#changedSites.set(code, site);
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
    const sites = siteChangesOf(this.#changedSites);
    this.#changedSites.clear();
    const incidents = this.#takeIncidents();
    for (const { state } of changed) this.#shown.set(state.id, state);
    return wanted ? encode(deltaOf(this.#moment(), changed, { sites, incidents })) : undefined;
  }

  /** Everything as of the newest frame. Changes not yet sent must go out before: `nextDelta`. */
  snapshot(): string {
    if (this.#snapshot?.seq === this.#seq) return this.#snapshot.frame;
    const all = [...this.#sources.all()];
    for (const state of all) this.#shown.set(state.id, state);
    const states = all.map((state) => this.#indexed(state));
    const frame = encode(
      snapshotOf(this.#moment(), this.#sources.overview(), states, {
        sites: this.#sources.sites(),
        incidents: this.#sources.incidents(),
      }),
    );
    this.#snapshot = { seq: this.#seq, frame };
    return frame;
  }

  beat(): string {
    return encode(beatOf(this.#moment(), this.#sources.overview()));
  }

  #hasNews(): boolean {
    const sizes = [this.#changed.size, this.#changedSites.size, this.#changedIncidents.size];
    return this.#haveSilencesChanged || sizes.some((size) => size > 0);
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

function siteChangesOf(sites: ReadonlyMap<string, LiveSite | null>): SiteChanges {
  const changed = [...sites.values()].filter((site) => site !== null);
  const removed = [...sites].flatMap(([code, site]) => (site === null ? [code] : []));
  return { changed, removed };
}
