import type { DoorUpdates, UpdateOffer, UpdatePart, UpdateStateMessage } from '@ppe-pulse/protocol';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Audit } from '../state/audit.ts';
import { isStoreError } from '../state/database.ts';
import { nextOffers } from './next-offers.ts';
import { PartServer } from './part-server.ts';
import {
  isInScope,
  isOpenStage,
  placeOf,
  untouched,
  type FleetAgent,
  type Stage,
  type StageScope,
  type Target,
} from './rollout.ts';
import { refusedStage } from './stage-order.ts';
import { stageSentence } from './stage-sentence.ts';
import {
  isComplete,
  isProven,
  isTooMuchTrouble,
  progressOf,
  troubleOf,
  type Progress,
  type RolloutView,
} from './standing.ts';
import { afterOffer, afterRead, afterTime, afterWord } from './target-after.ts';
import type { UpdateSettings } from './update-limits.ts';
import { RefusedUpdate } from './update-refusal.ts';
import type { UpdateStore } from './update-store.ts';
import { versionOrder } from './version-order.ts';

/** What updates stand on. */
export interface UpdatesParts {
  readonly store: UpdateStore;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: UpdateSettings;
  /** Every enrolled workstation as it is now. */
  readonly agents: () => ReadonlyMap<string, FleetAgent>;
  readonly send: (workstationId: string, message: UpdateOffer | UpdatePart) => boolean;
}

/** A stage and how far it is. */
export interface StageStanding {
  readonly stage: Stage;
  readonly progress: Progress;
}

/** The fleet is looked at this often while a stage is open. */
const TICK_MS = 2_000;
/** …but it rests this many times as long as a look took: a country's 70,000 take a quarter of a second. */
const REST_FACTOR = 20;
/** Stages of which how far they are is told; older ones stand in the audit. */
const LISTED_STAGES = 20;

/**
 * New versions of the agent on their way to the fleet. Nothing moves but in a stage that a person
 * began, and a stage that does harm stands still by itself.
 */
export class Updates implements DoorUpdates {
  readonly #parts: UpdatesParts;
  readonly #server: PartServer;
  readonly #timer: NodeJS.Timeout;
  readonly #dirty = new Set<string>();
  /** Relays that fetch what their members were offered. */
  readonly #relays = new Set<string>();
  #targets = new Map<string, Target>();
  /** The newest one; open or not. */
  #stage: Stage | undefined;
  #packed: Uint8Array | undefined;
  #order = versionOrder('0.0.0');
  /** The newest stage as it was last looked at: who asks between two looks costs none. */
  #look: { readonly agents: RolloutView['agents']; readonly progress: Progress } | undefined;
  #savedProgress = '';
  #restUntilMs = 0;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
    const { clock, settings, send } = parts;
    this.#server = new PartServer({
      bytesPerSecond: settings.bytesPerSecond,
      monotonicMs: () => clock.monotonicMs(),
      send: (id, part) => void send(id, part),
    });
    const last = parts.store.stages()[0];
    if (last) this.#open(last);
    this.#timer = setInterval(() => this.#tickInTurn(), TICK_MS);
  }

  /** Share of those that got a version that makes its stage pause, in per cent. */
  get troublePercent(): number {
    return this.#parts.settings.troubleShare * 100;
  }

  /** Newest first. */
  stages(): readonly StageStanding[] {
    const { store } = this.#parts;
    return store
      .stages()
      .slice(0, LISTED_STAGES)
      .map((stage) => ({ stage, progress: this.#progressOf(stage) }));
  }

  /** Workstations of the newest stage of which something is to be told: trouble first. */
  troubles(): readonly { readonly target: Target; readonly agent: FleetAgent }[] {
    if (!this.#stage) return [];
    const { agents } = this.#lookAt(this.#stage);
    return [...this.#targets.values()].flatMap((target) => {
      const agent = agents.get(target.workstationId);
      const isTold = ['rolledBack', 'silent', 'refused'].includes(target.state);
      return agent && isTold ? [{ target, agent }] : [];
    });
  }

  /** Begins a stage; the one before it of the same version ends. Throws a `RefusedUpdate`. */
  begin(version: string, scope: StageScope, by: string): StageStanding {
    const { store, clock, agents } = this.#parts;
    if (!store.find(version))
      throw new RefusedUpdate(
        'unknownUpdate',
        `there is no version ${version}; GET /api/v1/updates`,
      );
    const fleet = [...agents().values()];
    const refusal = refusedStage({
      version,
      scope,
      stages: store.stages(),
      reaches: fleet.filter((agent) => isInScope(scope, agent)).length,
      isProvenIn: (stage) => isProven(this.#progressOf(stage)),
      hasMunicipalities: fleet.some(({ municipality }) => municipality !== ''),
    });
    if (refusal) throw new RefusedUpdate(refusal, stageSentence(refusal));
    const startedAtMs = clock.wallMs();
    const before = this.#stage;
    const draft = { version, scope, state: 'running', startedAtMs, startedBy: by } as const;
    const begun: Stage[] = [];
    store.transaction(() => {
      if (before && isOpenStage(before))
        this.#save({ ...before, state: 'done', endedAtMs: startedAtMs });
      const stage = store.begin({ ...draft, endedAtMs: null, forgiven: 0 });
      this.#note('update.begin', version, by, { stage: stage.id, ...scopeDetails(scope) });
      begun.push(stage);
    });
    for (const stage of begun) this.#open(stage);
    this.#forgive();
    this.tick();
    return this.#standing(this.#stage ?? missing());
  }

  /** Lets a stage go on that paused by itself: its trouble so far was looked at. */
  goOn(id: number, by: string): StageStanding {
    const stage = this.#openStage(id);
    if (stage.state !== 'paused')
      throw new RefusedUpdate('notPaused', `stage ${id} is not paused: it goes on already`);
    const forgiven = troubleOf(this.#progressOf(stage));
    this.#change({ ...stage, state: 'running', forgiven }, 'update.goOn', by, { forgiven });
    return this.#standing(this.#stage ?? stage);
  }

  /** Ends a stage: nothing more is offered and nothing more is sent. What has it keeps it. */
  stop(id: number, by: string): StageStanding {
    const stage = this.#openStage(id);
    const endedAtMs = this.#parts.clock.wallMs();
    this.#change({ ...stage, state: 'stopped', endedAtMs }, 'update.stop', by, {});
    return this.#standing(this.#stage ?? stage);
  }

  /** Takes an agent's word of a version; that of another one than is rolled out says nothing here. */
  told(workstationId: string, { version, state, reason }: UpdateStateMessage): void {
    const nowMs = this.#parts.clock.wallMs();
    if (this.#stage?.version !== version) return;
    const target = this.#target(workstationId);
    const said = { state, reason: reason === 'ok' ? '' : reason };
    // After each welcome it says again what it said before.
    if (target.state === said.state && target.reason === said.reason && state !== 'fetching')
      return;
    this.#put(afterWord(target, said, nowMs));
    if (target.state !== state)
      this.#parts.log.info({ workstationId, version, state, reason }, 'update');
  }

  /**
   * The part of an update for one that it was offered to, or for a relay whose member it was offered to;
   * undefined when there is none for it.
   */
  read(version: string, offset: number, workstationId: string): UpdatePart | 'later' | undefined {
    const stage = this.#stage;
    const target = this.#targets.get(workstationId);
    if (stage?.state !== 'running' || stage.version !== version) return undefined;
    const isOwn = target && ['waiting', 'offered', 'fetching'].includes(target.state);
    if (!isOwn && !this.#relays.has(workstationId)) return undefined;
    this.#packed ??= this.#parts.store.packedOf(version);
    if (!this.#packed) return undefined;
    const answer = this.#server.serve(workstationId, { version, packed: this.#packed }, offset);
    if (isOwn && answer !== undefined) this.#put(afterRead(target, this.#parts.clock.wallMs()));
    return answer;
  }

  /** Looks at the fleet, offers what is due, and writes what has changed. */
  tick(): void {
    const stage = this.#stage;
    if (!stage || !isOpenStage(stage)) return;
    const nowMs = this.#parts.clock.wallMs();
    const view = this.#view(stage);
    for (const agent of view.agents.values()) {
      const target = this.#target(agent.id);
      const next = afterTime(target, agent, this.#order, nowMs);
      if (next !== target) this.#put(next);
    }
    const progress = this.#noted(stage, view, nowMs);
    const judged = this.#judge(stage, progress, nowMs);
    const hasOffered = this.#offer(judged, view, nowMs);
    this.#persist(judged, hasOffered ? this.#noted(judged, view, nowMs) : progress);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#server.clear();
    if (this.#stage) this.#persist(this.#stage, this.#progressOf(this.#stage));
  }

  #tickInTurn(): void {
    const { clock } = this.#parts;
    const fromMs = clock.monotonicMs();
    if (fromMs < this.#restUntilMs) return;
    this.tick();
    const toMs = clock.monotonicMs();
    this.#restUntilMs = toMs + (toMs - fromMs) * REST_FACTOR;
  }

  #judge(stage: Stage, progress: Progress, nowMs: number): Stage {
    if (stage.state !== 'running') return stage;
    const { troubleShare } = this.#parts.settings;
    if (isTooMuchTrouble(progress, stage.forgiven, troubleShare)) {
      const { rolledBack, silent } = progress;
      this.#change({ ...stage, state: 'paused' }, 'update.pause', 'collector', {
        rolledBack,
        silent,
      });
      this.#parts.log.warn({ stage: stage.id, rolledBack, silent }, 'an update does harm: paused');
    } else if (stage.scope.kind !== 'all' && isComplete(progress)) {
      this.#change({ ...stage, state: 'done', endedAtMs: nowMs }, 'update.done', 'collector', {});
    }
    return this.#stage ?? stage;
  }

  #offer(stage: Stage, view: RolloutView, nowMs: number): boolean {
    const { settings, send, store, log } = this.#parts;
    const due = nextOffers(stage, view, settings, nowMs);
    const bundle = due.length > 0 ? store.find(stage.version) : undefined;
    if (!bundle) return false;
    const { manifest, signatures } = bundle;
    for (const id of due) {
      const offer: UpdateOffer = { type: 'updateOffer', manifest, signatures: [...signatures] };
      if (!send(id, offer)) continue;
      this.#put(afterOffer(this.#target(id), nowMs));
      const relayId = view.agents.get(id)?.relayId ?? null;
      if (relayId !== null) this.#relays.add(relayId);
      log.info({ workstationId: id, version: stage.version }, 'update offered');
    }
    return true;
  }

  /** What nobody answered is asked again where a person begins a stage anew. */
  #forgive(): void {
    for (const target of this.#targets.values()) {
      const isRetried = ['noAnswer', 'stalled', 'notStarted', 'noSpace'].includes(target.reason);
      if (target.state === 'refused' && isRetried) this.#put(untouched(target.workstationId));
    }
  }

  #open(stage: Stage): void {
    if (this.#stage?.version !== stage.version) {
      const targets = this.#parts.store.targets(stage.version);
      this.#targets = new Map(targets.map((target) => [target.workstationId, target]));
      this.#dirty.clear();
      this.#relays.clear();
      this.#packed = undefined;
      this.#order = versionOrder(stage.version);
      this.#server.clear();
    }
    this.#stage = stage;
    this.#look = undefined;
  }

  #openStage(id: number): Stage {
    const stage = this.#stage;
    if (stage?.id === id && isOpenStage(stage)) return stage;
    const isKnown = this.#parts.store.stages().some((each) => each.id === id);
    if (!isKnown) throw new RefusedUpdate('unknownStage', `there is no stage ${id}`);
    throw new RefusedUpdate('stageOver', `stage ${id} is over`);
  }

  /** Writes a stage's new state and what was done, together. */
  #change(
    stage: Stage,
    action: string,
    by: string,
    details: Readonly<Record<string, number>>,
  ): void {
    this.#parts.store.transaction(() => {
      this.#save(stage);
      this.#note(action, stage.version, by, { stage: stage.id, ...details });
    });
    this.#stage = stage;
    if (stage.state !== 'running') this.#server.clear();
  }

  #save(stage: Stage): void {
    this.#parts.store.saveStage(stage, this.#progressOf(stage));
  }

  /** A disk that is full must not end the collector: the next tick tries again. */
  #persist(stage: Stage, progress: Progress): void {
    const { store, log } = this.#parts;
    const text = JSON.stringify(progress);
    if (this.#dirty.size === 0 && text === this.#savedProgress) return;
    const changed = [...this.#dirty].map((id) => this.#target(id));
    try {
      store.transaction(() => {
        store.saveTargets(stage.version, changed);
        store.saveStage(stage, progress);
      });
      this.#dirty.clear();
      this.#savedProgress = text;
    } catch (error) {
      if (!isStoreError(error)) throw error;
      log.error({ error: String(error) }, 'how far updates are is not written; tried again');
    }
  }

  #standing(stage: Stage): StageStanding {
    return { stage, progress: this.#progressOf(stage) };
  }

  /** Of the newest stage as it is now, of those before as they ended. */
  #progressOf(stage: Stage): Progress {
    const isLive = this.#stage?.id === stage.id && isOpenStage(this.#stage);
    const kept = isLive ? null : this.#parts.store.progressOf(stage.id);
    return kept ?? this.#lookAt(stage).progress;
  }

  #lookAt(stage: Stage): { readonly agents: RolloutView['agents']; readonly progress: Progress } {
    if (!this.#look || this.#stage?.id !== stage.id)
      this.#noted(stage, this.#view(stage), this.#parts.clock.wallMs());
    return this.#look ?? missing();
  }

  #noted(stage: Stage, view: RolloutView, nowMs: number): Progress {
    const progress = progressOf(stage, view, nowMs);
    this.#look = { agents: view.agents, progress };
    return progress;
  }

  #view({ scope }: Stage): RolloutView {
    const agents = this.#parts.agents();
    const inScope =
      scope.kind === 'all'
        ? agents
        : new Map([...agents].filter(([, agent]) => isInScope(scope, agent)));
    return { order: this.#order, agents: inScope, targets: this.#targets };
  }

  #target(id: string): Target {
    return this.#targets.get(id) ?? untouched(id);
  }

  #put(target: Target): void {
    this.#targets.set(target.workstationId, target);
    this.#dirty.add(target.workstationId);
  }

  #note(
    action: string,
    subject: string,
    account: string,
    details: Readonly<Record<string, string | number>>,
  ): void {
    const { audit, clock } = this.#parts;
    audit.add({ atMs: clock.wallMs(), account, action, subject, details });
  }
}

function scopeDetails(scope: StageScope): Record<string, string> {
  return { scope: scope.kind, place: placeOf(scope) };
}

function missing(): never {
  throw new Error('a stage that was just begun is not there');
}
