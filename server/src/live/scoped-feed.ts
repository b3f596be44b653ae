import {
  LiveFeed,
  type Incident,
  type LiveSilence,
  type LiveSite,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import type { Scope } from '../access/scope.ts';
import { isNodeInScope } from '../incidents/node-in-scope.ts';
import type { TextSocket } from '../sockets.ts';
import type { LiveParts } from './live-parts.ts';

/**
 * The frames of those who see the same sites: encoded once for all of their boards. What leaves the
 * scope, as a site that changes its municipality, begins the feed anew: every board gets a snapshot.
 */
export class ScopedFeed {
  readonly boards = new Set<TextSocket>();
  readonly #parts: LiveParts;
  readonly #scope: Scope;
  /** Workstations and incidents that boards know of; of the whole region nothing ever leaves. */
  readonly #known = new Set<string>();
  #feed: LiveFeed;
  #mustBegin = false;
  /** Buffers for all boards that come before the next delta: the country's are tens of megabytes. */
  #held: { readonly texts: readonly string[]; readonly frames: readonly Buffer[] } | undefined;

  constructor(parts: LiveParts, scope: Scope) {
    this.#parts = parts;
    this.#scope = scope;
    this.#feed = this.#begin();
  }

  change(state: WorkstationState): void {
    if (this.#has(state.id, this.#scope.hasSite(state.placement.siteCode)))
      this.#feed.change(state);
  }

  remove(id: string): void {
    this.#known.delete(id);
    this.#feed.remove(id);
  }

  changeSite(code: string, site: LiveSite | null): void {
    // A site that left the registry is in no municipality: the feed begins anew with the registry.
    if (this.#scope.hasSite(code)) this.#feed.changeSite(code, site);
  }

  changeMunicipalities(): void {
    this.#feed.changeMunicipalities();
  }

  changeIncident(incident: Incident): void {
    const shown = this.#scope.shown(incident);
    if (this.#has(incident.id, shown !== undefined) && shown) this.#feed.changeIncident(shown);
  }

  changeSilences(): void {
    this.#feed.changeSilences();
  }

  /** Another registry: sites may be of others now. */
  changeRegion(): void {
    this.#mustBegin = !this.#scope.isWhole;
  }

  /** What changed, to all boards; answers it. */
  tick(isWanted: boolean): string | undefined {
    if (!this.#mustBegin) return this.#send(this.#feed.nextDelta(isWanted));
    this.#mustBegin = false;
    this.#feed = this.#begin();
    for (const board of this.boards) board.sendFirst(this.#snapshotFrames());
    return undefined;
  }

  beat(isWanted: boolean): string | undefined {
    return this.#send(this.#feed.nextBeat(isWanted));
  }

  snapshot(): string {
    return this.#feed.snapshot();
  }

  /** Everyone else gets what the snapshot already holds as an ordinary delta first. */
  join(board: TextSocket): void {
    board.sendFirst(this.#snapshotFrames());
    this.boards.add(board);
  }

  #snapshotFrames(): readonly Buffer[] {
    const texts = this.#feed.snapshotFrames();
    if (this.#held?.texts !== texts)
      this.#held = { texts, frames: texts.map((text) => Buffer.from(text)) };
    return this.#held.frames;
  }

  #send(text: string | undefined): string | undefined {
    if (text === undefined || this.boards.size === 0) return text;
    // Once for all boards: ws would encode a text anew for each.
    const frame = Buffer.from(text);
    // A board that does not read is closed; it will come back and start from a snapshot.
    for (const board of this.boards) board.send(frame);
    return text;
  }

  /** True for what is to be told; what was known and is of others now begins the feed anew. */
  #has(id: string, isOwn: boolean): boolean {
    if (this.#scope.isWhole) return true;
    if (isOwn) this.#known.add(id);
    else if (this.#known.has(id)) this.#mustBegin = true;
    return isOwn;
  }

  #begin(): LiveFeed {
    const { fleet, rehearsal, overview, dataAgeMs, clock } = this.#parts;
    const scope = this.#scope;
    const all = scope.isWhole ? () => fleet.all() : () => this.#own();
    this.#known.clear();
    if (!scope.isWhole) {
      for (const { id } of all()) this.#known.add(id);
      for (const { id } of this.#incidents().open) this.#known.add(id);
    }
    return new LiveFeed({
      all,
      overview: () => overview(scope),
      sites: () => rehearsal.liveSites().filter(({ code }) => scope.hasSite(code)),
      municipalities: () =>
        rehearsal.liveMunicipalities().filter(({ slug }) => scope.hasMunicipality(slug)),
      incidents: () => this.#incidents(),
      dataAgeMs,
      wallMs: () => clock.wallMs(),
    });
  }

  *#own(): Iterable<WorkstationState> {
    for (const state of this.#parts.fleet.all())
      if (this.#scope.hasSite(state.placement.siteCode)) yield state;
  }

  #incidents(): { readonly open: readonly Incident[]; readonly silences: readonly LiveSilence[] } {
    const { fleet, incidents } = this.#parts;
    const scope = this.#scope;
    const [open, silences] = [incidents.open(), incidents.silences()];
    if (scope.isWhole) return { open, silences };
    const siteOf = (id: string): string | undefined => fleet.get(id)?.placement.siteCode;
    return {
      open: open.flatMap((each) => scope.shown(each) ?? []),
      silences: silences.filter(({ node }) => isNodeInScope(node, scope, siteOf)),
    };
  }
}
