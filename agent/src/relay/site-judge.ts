import {
  Fleet,
  takeHeartbeat,
  type Flip,
  type Goodbye,
  type Heartbeat,
  type Inventory,
  type KnownWorkstation,
  type Moment,
  type Placement,
  type PlanRule,
  type Remembered,
  type TakenHeartbeat,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import type { Log } from '../platform/log.ts';
import { AGENT_VERSION } from '../version.ts';
import { rememberFleet, type RelayMemory } from './fleet-memory.ts';

/** The boot of a clone that somebody else saw. */
const UNKNOWN_BOOT = '0'.repeat(16);

/** What the judge works with. */
export interface SiteJudgeParts {
  readonly ownId: string;
  readonly now: () => Moment;
  readonly log: Log;
  readonly memory: RelayMemory | undefined;
  readonly intervalMs: number;
}

/** Judges the ППЭ on the spot, by the code that the collector judges by. */
export class SiteJudge {
  readonly #parts: SiteJudgeParts;
  readonly #fleet: Fleet;
  #isChanged = true;

  constructor(parts: SiteJudgeParts) {
    this.#parts = parts;
    const { memory, intervalMs } = parts;
    this.#fleet = new Fleet({ now: parts.now(), hasRestarted: memory !== undefined, intervalMs });
    this.#fleet.onChange(() => (this.#isChanged = true));
    this.#fleet.onRemove(() => (this.#isChanged = true));
  }

  /** Places these and no others, with what the last run knew of those that are new here. */
  place(workstations: readonly Pick<KnownWorkstation, 'id' | 'placement'>[]): void {
    const here = new Set(workstations.map(({ id }) => id));
    for (const { id } of this.#fleet.all()) if (!here.has(id)) this.#fleet.remove(id);
    for (const { id, placement } of workstations) {
      if (isSamePlace(this.#fleet.get(id)?.placement, placement)) continue;
      const remembered = this.#parts.memory?.workstations[id] ?? null;
      this.#fleet.place(id, placement, remembered, this.#parts.now());
    }
  }

  get(id: string): WorkstationState | undefined {
    return this.#fleet.get(id);
  }

  take(heartbeat: TakenHeartbeat): void {
    this.#note(this.#fleet.take(heartbeat, this.#parts.now()));
  }

  /** What a flash drive brought, times on the collector's clock already. */
  takeCarried(id: string, heartbeat: Heartbeat): void {
    const now = this.#parts.now();
    const atMs = Math.min(now.wallMs, heartbeat.producedAtMs ?? heartbeat.wallMs);
    this.#note(this.#fleet.take(takenHere(heartbeat, { workstationId: id, atMs, now }), now));
  }

  /** The relay's own heartbeat: it is a workstation of the ППЭ like the others. */
  takeOwn(heartbeat: Heartbeat, of: { inventory: Inventory; intervalMs: number }): void {
    const now = this.#parts.now();
    const about = { workstationId: this.#parts.ownId, atMs: now.wallMs, now, ...of };
    this.#note(this.#fleet.take(takenHere(heartbeat, about), now));
  }

  saidGoodbye(id: string, goodbye: Goodbye): void {
    this.#note(this.#fleet.leave(id, goodbye, this.#parts.now()));
  }

  cloned(id: string, bootId: string | null): void {
    this.#note(this.#fleet.cloned(id, bootId ?? UNKNOWN_BOOT, this.#parts.now()));
  }

  /** The plan's word on a workstation, null for none. */
  rule(id: string, rule: PlanRule | null): void {
    this.#note(this.#fleet.rule(id, rule, this.#parts.now()));
  }

  /** Judges silence: twice a second. */
  sweep(): void {
    this.#note(this.#fleet.sweep(this.#parts.now()));
  }

  /** True once after each change. */
  takeChanged(): boolean {
    const isChanged = this.#isChanged;
    this.#isChanged = false;
    return isChanged;
  }

  remember(): Readonly<Record<string, Remembered>> {
    return rememberFleet(this.#fleet, this.#parts.now());
  }

  #note(flips: readonly Flip[]): void {
    for (const { workstationId, checkId, from, to, reason } of flips)
      this.#parts.log.debug({ workstationId, checkId, from, to, reason }, 'flip');
  }
}

function isSamePlace(known: Placement | undefined, placement: Placement): boolean {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(placement);
}

function takenHere(
  heartbeat: Heartbeat,
  about: {
    readonly workstationId: string;
    readonly atMs: number;
    readonly now: Moment;
    readonly inventory?: Inventory;
    readonly intervalMs?: number;
  },
): TakenHeartbeat {
  const { workstationId, atMs, now, inventory, intervalMs = 0 } = about;
  return takeHeartbeat(heartbeat, {
    workstationId,
    relayId: null,
    atMs,
    takenAtMs: now.wallMs,
    takenMonotonicMs: now.monotonicMs,
    clockOffsetMs: inventory ? heartbeat.wallMs - now.wallMs : null,
    intervalMs,
    agentVersion: inventory ? AGENT_VERSION : null,
    inventory: inventory ?? null,
  });
}
