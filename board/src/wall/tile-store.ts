import type { Incident, LiveState } from '@ppe-pulse/protocol';
import {
  faceOf,
  isTrouble,
  keptFace,
  keptTile,
  tileOf,
  type TileFace,
  type TileView,
} from './tiles.ts';

/** What the store reads: the page's one picture. */
export interface TileSource {
  readonly state: LiveState;
  readonly subscribe: (listener: () => void) => () => void;
}

type Looked = Pick<LiveState, 'sites' | 'registry' | 'incidents'>;

const nothing: readonly Incident[] = [];

/**
 * A tile a ППЭ, kept outside React. Looks at the picture once a frame, derives anew only what changed
 * there, and tells only those whose tile looks different: a heartbeat that repeats itself renders nothing.
 */
export class TileStore {
  readonly #source: TileSource;
  readonly #tiles = new Map<string, TileView>();
  readonly #faces = new Map<string, TileFace>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #allListeners = new Set<(codes: readonly string[]) => void>();
  readonly #listListeners = new Set<() => void>();
  #looked: Looked | undefined;
  #bySite: ReadonlyMap<string, readonly Incident[]> = new Map();
  #codes: readonly string[] = [];
  #troubled: readonly string[] = [];

  constructor(source: TileSource) {
    this.#source = source;
    this.#look();
  }

  /** Follows the picture until the returned function is called. */
  readonly start = (): (() => void) => {
    this.#look();
    return this.#source.subscribe(() => this.#look());
  };

  view(code: string): TileView | undefined {
    return this.#tiles.get(code);
  }

  /** What is written and drawn of it besides its cells: the same object while that is the same. */
  face(code: string): TileFace | undefined {
    return this.#faces.get(code);
  }

  /** Every ППЭ, by code. The same list while none came or went. */
  get codes(): readonly string[] {
    return this.#codes;
  }

  /** Those in which something is wrong, by code. The same list while it holds the same ones. */
  get troubled(): readonly string[] {
    return this.#troubled;
  }

  /** Calls back when the tile of this ППЭ looks different. */
  subscribeTile(code: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(code) ?? new Set();
    this.#listeners.set(code, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(code);
    };
  }

  /** Calls back once a frame with the tiles that look different, before they hear of it themselves. */
  subscribe(listener: (codes: readonly string[]) => void): () => void {
    this.#allListeners.add(listener);
    return () => this.#allListeners.delete(listener);
  }

  /** Calls back when one of the lists is another. */
  readonly subscribeLists = (listener: () => void): (() => void) => {
    this.#listListeners.add(listener);
    return () => this.#listListeners.delete(listener);
  };

  #look(): void {
    const { sites, registry, incidents } = this.#source.state;
    const before = this.#looked;
    if (before?.sites === sites && before.registry === registry && before.incidents === incidents)
      return;
    this.#looked = { sites, registry, incidents };
    const reached = this.#bySite;
    if (before?.incidents !== incidents) this.#bySite = incidentsBySite(incidents, reached);
    const changed: string[] = [];
    for (const [code, workstations] of sites) {
      const site = registry.get(code);
      const open = this.#bySite.get(code) ?? nothing;
      const isSame =
        before?.sites.get(code) === workstations &&
        before.registry.get(code) === site &&
        (reached.get(code) ?? nothing) === open;
      if (!isSame && this.#derive(code, { workstations, site, incidents: open }))
        changed.push(code);
    }
    for (const code of this.#tiles.keys()) if (!sites.has(code)) this.#forget(code);
    this.#tellLists();
    if (changed.length > 0) for (const listener of this.#allListeners) listener(changed);
    for (const code of changed) for (const listener of this.#listeners.get(code) ?? []) listener();
  }

  /** True when the tile looks different now. */
  #derive(code: string, sources: Parameters<typeof tileOf>[1]): boolean {
    const before = this.#tiles.get(code);
    const tile = keptTile(before, tileOf(code, sources));
    if (tile === before) return false;
    this.#tiles.set(code, tile);
    this.#faces.set(code, keptFace(this.#faces.get(code), faceOf(tile)));
    return true;
  }

  #forget(code: string): void {
    this.#tiles.delete(code);
    this.#faces.delete(code);
  }

  #tellLists(): void {
    const codes = kept(this.#codes, [...this.#tiles.keys()].sort());
    const troubled = kept(
      this.#troubled,
      codes.filter((code) => isTrouble(this.#tiles.get(code)?.verdict ?? 'ok')),
    );
    if (codes === this.#codes && troubled === this.#troubled) return;
    this.#codes = codes;
    this.#troubled = troubled;
    for (const listener of this.#listListeners) listener();
  }
}

/** Open incidents by the ППЭ that they reach; a list that is the same is the same object. */
function incidentsBySite(
  incidents: LiveState['incidents'],
  before: ReadonlyMap<string, readonly Incident[]>,
): ReadonlyMap<string, readonly Incident[]> {
  const bySite = new Map<string, readonly Incident[]>();
  for (const incident of incidents.values()) {
    const codes = new Set(incident.siteCodes);
    if (incident.siteCode !== null) codes.add(incident.siteCode);
    for (const code of codes) bySite.set(code, [...(bySite.get(code) ?? []), incident]);
  }
  for (const [code, list] of bySite) bySite.set(code, kept(before.get(code) ?? nothing, list));
  return bySite;
}

function kept<T>(before: readonly T[], next: readonly T[]): readonly T[] {
  const isSame = before.length === next.length && before.every((each, at) => each === next[at]);
  return isSame ? before : next;
}
