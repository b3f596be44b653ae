import {
  liveColumns,
  unheard,
  type CheckVerdict,
  type Placement,
  type Role,
  type Verdict,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import { between, createRandom, hashOf } from '../../../server/src/simulate/random.ts';
import { workstationId } from '../rows.ts';
import type { Scene, SceneSite, Trouble } from './scene.ts';

/** What a workstation shows when it is made to show something. */
export interface Showing {
  readonly verdict: Verdict;
  readonly check?: string;
  readonly reason?: string;
}

/** `flips`: every change is another verdict. `repeats`: heartbeats that say the same again. */
export type ChurnKind = 'flips' | 'repeats';

/** Who plays: every workstation, and what boards must come to know of it. */
export interface Cast {
  all(): IterableIterator<WorkstationState>;
  /** In the order of sites and rooms. */
  readonly ids: readonly string[];
  get(id: string): WorkstationState;
  onChange(handle: (state: WorkstationState) => void): () => void;
  /** Nobody leaves a cast. */
  onRemove(): () => void;
  /** Makes one show a verdict now. */
  show(id: string, showing: Showing): void;
  /** Some of them change by chance: `count` times. Never those of the sites in `spared`. */
  churn(count: number, kind: ChurnKind): void;
  /** These sites are left alone by `churn`. */
  spare(siteCodes: readonly string[]): void;
}

const ROLES: readonly Verdict[] = ['ok', 'ok', 'warn', 'fail', 'ok', 'unknown'];
const usual: Record<Verdict, { readonly check: string; readonly reason: string }> = {
  ok: { check: 'heartbeat', reason: 'ok' },
  warn: { check: 'net.rtt', reason: 'slowReply' },
  fail: { check: 'printer.state', reason: 'jam' },
  unknown: { check: 'heartbeat', reason: 'silent' },
  silentByRule: { check: 'heartbeat', reason: 'isolatedByPlan' },
  notInvolved: { check: 'heartbeat', reason: 'notInvolved' },
};

/** Puts everybody of a scene on the stage. `wallMs` is the stage's clock. */
export function createCast(scene: Scene, wallMs: () => number): Cast {
  const states = new Map<string, WorkstationState>();
  for (const { site, placement } of placesOf(scene)) {
    const id = workstationId(states.size + 1);
    states.set(id, opening(scene, site, { id, placement }));
  }
  const ids = [...states.keys()];
  const listeners = new Set<(state: WorkstationState) => void>();
  const random = createRandom(scene.seed);
  const spared = new Set<string>();
  const get = (id: string): WorkstationState => {
    const state = states.get(id);
    if (!state) throw new Error(`there is no workstation ${id} on the stage`);
    return state;
  };
  const put = (state: WorkstationState): void => {
    states.set(state.id, state);
    for (const listener of listeners) listener(state);
  };
  const show = (id: string, showing: Showing): void => {
    put(shown(heard(get(id), wallMs(), random), showing));
  };
  return {
    all: () => states.values(),
    ids,
    get,
    onChange: (handle) => {
      listeners.add(handle);
      return () => listeners.delete(handle);
    },
    onRemove: () => () => undefined,
    show,
    spare: (codes) => {
      for (const code of codes) spared.add(code);
    },
    churn: (count, kind) => {
      for (let done = 0, tries = 0; done < count && tries < count * 20; tries += 1) {
        const state = get(ids[Math.floor(random() * ids.length)] ?? '');
        if (spared.has(state.placement.siteCode)) continue;
        done += 1;
        if (kind === 'repeats') {
          put(heard(state, wallMs(), random));
          continue;
        }
        const others = ROLES.filter((verdict) => verdict !== state.standing.verdict);
        show(state.id, { verdict: others[Math.floor(random() * others.length)] ?? 'ok' });
      }
    },
  };
}

/** One station a room, and the Штаб's. */
function placesOf(scene: Scene): { readonly site: SceneSite; readonly placement: Placement }[] {
  return scene.sites.flatMap((site) => {
    const place = (roomCode: string, role: Role): { site: SceneSite; placement: Placement } => ({
      site,
      placement: {
        siteCode: site.code,
        roomCode,
        role,
        duty: 'main',
        simulated: scene.isSimulated,
      },
    });
    const rooms = Array.from({ length: site.rooms }, (_, at) =>
      place(String(at + 1).padStart(4, '0'), site.kind === 'ppe' ? 'organizer' : 'video'),
    );
    return [...rooms, place('7777', 'hq')];
  });
}

function opening(
  scene: Scene,
  site: SceneSite,
  { id, placement }: Pick<WorkstationState, 'id' | 'placement'>,
): WorkstationState {
  const { atMs } = scene;
  const salt = hashOf(`${scene.seed} ${id}`);
  const metrics = Object.fromEntries(
    liveColumns.map((column) => [column, round(between(salt, column, spreadOf(column)))]),
  );
  const well: WorkstationState = {
    ...unheard(id, placement),
    lastSeenMs: 0,
    lastSeenAtMs: atMs - Math.round(between(salt, 'age', [200, 4_800])),
    bootId: '00000000000000b1',
    seq: 1,
    intervalMs: 5_000,
    agentVersion: '0.7.0',
    planVersion: 3,
    mode: 'prep',
    metrics: { newest: metrics, newestAtMs: atMs, older: new Map() },
    silenceDueMs: Number.POSITIVE_INFINITY,
  };
  const trouble = scene.troubles.findLast((each) => isHit(each, placement));
  if (!site.isInvolved && !trouble) return shown(well, { verdict: 'notInvolved' });
  if (!trouble) return shown(well, { verdict: 'ok' });
  const isHeard = trouble.verdict === 'warn' || trouble.verdict === 'fail';
  return shown(isHeard ? well : { ...well, lastSeenAtMs: atMs - trouble.forMs }, trouble);
}

function isHit({ siteCode, rooms }: Trouble, placement: Placement): boolean {
  return siteCode === placement.siteCode && (rooms === null || rooms.includes(placement.roomCode));
}

function heard(state: WorkstationState, atMs: number, random: () => number): WorkstationState {
  const newest = { ...state.metrics.newest, 'net.rtt.ms': Math.round(10 + random() * 60) };
  return {
    ...state,
    seq: state.seq + 1,
    lastSeenAtMs: atMs,
    metrics: { ...state.metrics, newest, newestAtMs: atMs },
  };
}

function shown(state: WorkstationState, showing: Showing): WorkstationState {
  const { verdict } = showing;
  const { check = usual[verdict].check, reason = usual[verdict].reason } = showing;
  const isHeard = verdict === 'ok' || verdict === 'warn' || verdict === 'fail';
  const judgement: CheckVerdict = { id: check, verdict, reason, evidence: {}, ageMs: 0 };
  const well: CheckVerdict = { ...judgement, id: 'heartbeat', verdict: 'ok', reason: 'ok' };
  const isFault = verdict === 'warn' || verdict === 'fail' || verdict === 'unknown';
  return {
    ...state,
    heartbeat: isHeard ? well : { ...judgement, id: 'heartbeat' },
    checks: isHeard && verdict !== 'ok' ? [judgement] : [],
    standing: { verdict, reason },
    problems: isFault ? [{ id: check, verdict, reason }] : [],
  };
}

function spreadOf(column: string): readonly [number, number] {
  if (column.endsWith('atio')) return column.includes('loss') ? [0, 0.004] : [0.1, 0.6];
  return column.endsWith('.ms') ? [10, 60] : [50_000, 900_000];
}

function round(value: number): number {
  return value > 10 ? Math.round(value) : Math.round(value * 1_000) / 1_000;
}
