import { limits, type AgentPlan, type ToAgent, type WorkstationState } from '@ppe-pulse/protocol';
import type { Log } from '../log.ts';

/** Plans are signed and sent at this pace: a region within seconds, and no stall. */
const DRAIN_EVERY_MS = 50;
const DRAIN_COUNT = 25;
/** An agent that still tells another version after this long is told again. */
const AGAIN_AFTER_MS = 30_000;

/** What is pushed, and through what. */
export interface PlanPushParts {
  /** Its part of the live plan, undefined without a plan. */
  readonly planOf: (workstationId: string) => AgentPlan | undefined;
  /** Of the live plan, undefined without one. */
  readonly version: () => number | undefined;
  readonly sign: (text: string) => string;
  readonly send: (workstationId: string, message: ToAgent) => boolean;
  readonly monotonicMs: () => number;
  readonly log: Log;
}

/** Brings the live plan to agents, and says who does not hold it. */
export interface PlanPush {
  /** The workstation is here: it gets its part. */
  arrived(workstationId: string): void;
  /** What it says that it holds; one that is behind is told again. */
  heard(state: WorkstationState): void;
  close(): void;
}

/** Pushes at a bounded pace. */
export function createPlanPush(parts: PlanPushParts): PlanPush {
  const waiting = new Set<string>();
  const sentAtMs = new Map<string, number>();
  const drain = (): void => {
    let left = DRAIN_COUNT;
    for (const id of waiting) {
      if (left === 0) return;
      waiting.delete(id);
      left -= 1;
      push(parts, id);
      sentAtMs.set(id, parts.monotonicMs());
    }
  };
  const timer = setInterval(drain, DRAIN_EVERY_MS);
  return {
    arrived: (id) => void waiting.add(id),
    heard: ({ id, planVersion }) => {
      const version = parts.version();
      if (version === undefined || planVersion === version) return;
      const lastMs = sentAtMs.get(id) ?? Number.NEGATIVE_INFINITY;
      if (parts.monotonicMs() - lastMs >= AGAIN_AFTER_MS) waiting.add(id);
    },
    close: () => clearInterval(timer),
  };
}

function push({ planOf, sign, send, log }: PlanPushParts, workstationId: string): void {
  const plan = planOf(workstationId);
  if (!plan) return;
  const text = JSON.stringify(plan);
  if (text.length > limits.agentPlanCharacters) {
    log.error(
      { workstationId, characters: text.length },
      'its part of the plan is too long to send',
    );
    return;
  }
  send(workstationId, { type: 'plan', text, signature: sign(text) });
}
