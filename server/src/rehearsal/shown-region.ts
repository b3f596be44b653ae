import { isSameSite, type LiveMunicipality, type LiveSite, type Region } from '@ppe-pulse/protocol';

/** What boards were last told of the region; listeners hear only of what is otherwise now. */
export class ShownRegion {
  readonly #sites = new Map<string, LiveSite>();
  readonly #siteListeners = new Set<(code: string, site: LiveSite | null) => void>();
  readonly #municipalityListeners = new Set<() => void>();
  #municipalities: string;
  #codes: ReadonlySet<string>;

  constructor(region: Region) {
    this.#codes = codesOf(region);
    this.#municipalities = JSON.stringify(liveMunicipalities(region));
  }

  /** Calls when a site is to be shown otherwise; null when it left the registry. */
  onSite(listener: (code: string, site: LiveSite | null) => void): void {
    this.#siteListeners.add(listener);
  }

  /** Calls when any municipality is to be shown otherwise. */
  onMunicipalities(listener: () => void): void {
    this.#municipalityListeners.add(listener);
  }

  /** What boards have of a site; `make` when they have nothing yet, and are told this first. */
  site(code: string, make: () => LiveSite | undefined): LiveSite | undefined {
    const known = this.#sites.get(code);
    if (known) return known;
    const made = make();
    if (made) this.#sites.set(code, made);
    return made;
  }

  /** Tells of a site that may be otherwise. */
  show(site: LiveSite): void {
    const known = this.#sites.get(site.code);
    if (known && isSameSite(known, site)) return;
    this.#sites.set(site.code, site);
    for (const listener of this.#siteListeners) listener(site.code, site);
  }

  /** Another registry: tells which sites are gone, and that there are other municipalities. */
  setRegion(region: Region): void {
    const codes = codesOf(region);
    // All of the registry before: a board may have one from its snapshot that was never told of since.
    for (const code of this.#codes) {
      if (codes.has(code)) continue;
      this.#sites.delete(code);
      for (const listener of this.#siteListeners) listener(code, null);
    }
    this.#codes = codes;
    const text = JSON.stringify(liveMunicipalities(region));
    if (text === this.#municipalities) return;
    this.#municipalities = text;
    for (const listener of this.#municipalityListeners) listener();
  }
}

function codesOf({ sites }: Region): ReadonlySet<string> {
  return new Set(sites.map(({ code }) => code));
}

/** Municipalities as boards show them, in the registry's order. */
export function liveMunicipalities({ municipalities }: Region): LiveMunicipality[] {
  return municipalities.map(({ slug, name, kind, tile }) => ({
    slug,
    name,
    kind,
    tile: tile && { col: tile.col, row: tile.row },
  }));
}
