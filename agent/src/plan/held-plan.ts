import { join } from 'node:path';
import type { AgentPlan } from '@ppe-pulse/protocol';
import type { Log } from '../platform/log.ts';
import { keepSignedText, readSignedText } from './plan-file.ts';
import { PlanVerifier, isNewer, type SignedPlan, type SignedText } from './signed-plan.ts';

/** What holding a plan works with. */
export interface HeldPlanParts {
  readonly dataDir: string;
  readonly agentId: string;
  /** Of the listener, a collector or a relay: the agent believes no other. */
  readonly publicKey: string;
  readonly log: Log;
}

/** This workstation's part of the live plan. Kept on disk with its signature: it holds without a line. */
export class HeldPlan {
  readonly #parts: HeldPlanParts;
  readonly #path: string;
  readonly #verifier: PlanVerifier;
  #held: SignedPlan | undefined;

  /** Looks at what the last run kept as if it had just come: a file is no better than a frame. */
  constructor(parts: HeldPlanParts) {
    this.#parts = parts;
    this.#path = join(parts.dataDir, 'plan.json');
    this.#verifier = new PlanVerifier(parts.publicKey);
    const kept = readSignedText(this.#path);
    if (!kept) return;
    const look = this.#verifier.look(kept, parts.agentId);
    if (look.kind === 'plan') this.#held = look.signed;
    else parts.log.warn({ because: look.because }, 'the plan on disk is not taken');
  }

  get plan(): AgentPlan | undefined {
    return this.#held?.plan;
  }

  /** Takes a plan from the line. False when the one that is held stays. */
  take(came: SignedText): boolean {
    const { log, agentId } = this.#parts;
    if (came.text === this.#held?.text) return false;
    const look = this.#verifier.look(came, agentId);
    if (look.kind === 'refused') {
      log.warn({ because: look.because }, 'a plan is refused, the one that is held stays');
      return false;
    }
    const { plan } = look.signed;
    if (!isNewer(plan, this.plan)) {
      log.warn({ version: plan.version, held: this.plan?.version }, 'a plan is no newer: refused');
      return false;
    }
    this.#held = look.signed;
    keepSignedText(this.#path, came, log);
    log.info({ planId: plan.planId, version: plan.version, spans: plan.modes.length }, 'a plan');
    return true;
  }
}
