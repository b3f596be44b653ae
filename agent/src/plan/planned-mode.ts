import {
  WIND_DOWN_MS,
  modeAt,
  modes,
  neverQuietRoles,
  type AgentPlan,
  type Mode,
  type Role,
} from '@ppe-pulse/protocol';

/** Somebody at this PC made it quieter than the plan does. */
export interface LocalMode {
  readonly mode: Exclude<Mode, 'prep'>;
  /** Collector's clock; null until it is taken back. */
  readonly untilMs: number | null;
}

/** All that decides what the agent may do. */
export interface ModeSources {
  /** Of `agent.yaml`. */
  readonly config: Mode;
  readonly plan: AgentPlan | undefined;
  readonly local: LocalMode | undefined;
  /** Undefined before the collector ever placed this PC. */
  readonly role: Role | undefined;
}

/** Where the agent stands at a moment. */
export interface Standing {
  /** In force: what heartbeats say. */
  readonly mode: Mode;
  /** What may be begun: already the mode to come, once that is near and quieter. */
  readonly begun: Mode;
  /** When all may be begun again; infinite for not foreseen, the moment itself when it may now. */
  readonly backAtMs: number;
  /** Nothing of this changes before, as far as is known. */
  readonly nextChangeMs: number;
}

/** False for the Штаб and the PC that watches cameras: they are heard all day, whatever is planned. */
export function canBeQuiet(role: Role | undefined): boolean {
  return role === undefined || !neverQuietRoles.includes(role);
}

/** The quieter of two modes. */
export function quieterOf(one: Mode, other: Mode): Mode {
  return modes.indexOf(one) > modes.indexOf(other) ? one : other;
}

/** The mode at a moment of the collector's clock: the quietest that anybody asks for. */
export function modeFrom(sources: ModeSources, atMs: number): Mode {
  const { config, plan, local, role } = sources;
  const isLocal = local !== undefined && (local.untilMs === null || atMs < local.untilMs);
  const here = quieterOf(config, isLocal ? local.mode : 'prep');
  // Such a PC may be switched off by a person who stands before it, and by nobody else.
  if (!canBeQuiet(role)) return here === 'off' ? 'off' : 'prep';
  return quieterOf(here, plan ? modeAt(plan, atMs) : 'prep');
}

/** Where the agent stands, and when that must be looked at again. Pure. */
export function standingAt(sources: ModeSources, nowMs: number): Standing {
  const mode = modeFrom(sources, nowMs);
  const edges = edgesOf(sources, nowMs).map((atMs) => ({ atMs, mode: modeFrom(sources, atMs) }));
  const near = edges.filter(({ atMs }) => atMs <= nowMs + WIND_DOWN_MS);
  const begun = near.reduce((so, edge) => quieterOf(so, edge.mode), mode);
  const entered = mode === 'prep' ? edges.findIndex((edge) => edge.mode !== 'prep') : 0;
  const back = edges.slice(Math.max(0, entered)).find((edge) => edge.mode === 'prep');
  const next = edges.find((edge) => edge.mode !== mode);
  const quieter = edges.find(
    (edge) => edge.atMs > nowMs + WIND_DOWN_MS && quieterOf(edge.mode, begun) !== begun,
  );
  const windDownMs = (quieter?.atMs ?? Number.POSITIVE_INFINITY) - WIND_DOWN_MS;
  return {
    mode,
    begun,
    backAtMs: begun === 'prep' ? nowMs : (back?.atMs ?? Number.POSITIVE_INFINITY),
    nextChangeMs: Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, windDownMs),
  };
}

/** Moments after now at which the mode may change, in order. */
function edgesOf({ plan, local }: ModeSources, nowMs: number): readonly number[] {
  const ofPlan = plan
    ? [plan.validFromMs, plan.validToMs, ...plan.modes.flatMap((each) => [each.fromMs, each.toMs])]
    : [];
  const untilMs = local?.untilMs ?? nowMs;
  return [...new Set([...ofPlan, untilMs])]
    .filter((atMs) => atMs > nowMs)
    .sort((one, other) => one - other);
}
