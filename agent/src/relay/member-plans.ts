import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isId, ruleAt, type AgentPlan, type PlanFrame, type PlanRule } from '@ppe-pulse/protocol';
import { keepSignedText, readSignedText } from '../plan/plan-file.ts';
import { PlanVerifier, isNewer, type SignedPlan, type SignedText } from '../plan/signed-plan.ts';
import { codeOf } from '../platform/errors.ts';
import type { Identity } from '../platform/identity.ts';
import type { Log } from '../platform/log.ts';
import type { Roster } from './roster.ts';

/** What keeping members' plans works with. */
export interface MemberPlansParts {
  readonly dataDir: string;
  /** Of the collector: whose plans are taken. */
  readonly collectorKey: string;
  /** Of this relay: members that were not enrolled by a file have pinned its key and know no other. */
  readonly identity: Identity;
  readonly log: Log;
  readonly roster: Pick<Roster, 'isKnown' | 'member'>;
}

/**
 * The newest plan of each member, as the collector signed it, on this disk: a member that comes while
 * the uplink is cut still gets it. What a member is given is signed anew, beside the collector's word.
 */
export class MemberPlans {
  readonly #parts: MemberPlansParts;
  readonly #directory: string;
  readonly #verifier: PlanVerifier;
  readonly #held = new Map<string, SignedPlan>();

  constructor(parts: MemberPlansParts) {
    this.#parts = parts;
    this.#directory = join(parts.dataDir, 'member-plans');
    this.#verifier = new PlanVerifier(parts.collectorKey);
    for (const agentId of this.#kept()) {
      const text = readSignedText(this.#fileOf(agentId));
      if (text) this.#look(agentId, text, 'on disk');
    }
  }

  /** Takes the collector's word. False when what is held stays. */
  take(agentId: string, came: SignedText): boolean {
    const held = this.#held.get(agentId);
    if (held?.text === came.text) return false;
    if (!this.#parts.roster.member(agentId)) {
      this.#parts.log.warn({ agentId }, 'a plan for a workstation that is no member here');
      return false;
    }
    if (!this.#look(agentId, came, 'from the collector', held?.plan)) return false;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    } catch (error) {
      this.#parts.log.error({ error: codeOf(error) }, 'the plans of members cannot be kept');
      return true;
    }
    keepSignedText(this.#fileOf(agentId), came, this.#parts.log);
    return true;
  }

  /** What a member is sent; undefined when there is no plan for it. */
  frameFor(agentId: string): PlanFrame | undefined {
    const held = this.#held.get(agentId);
    if (held === undefined) return undefined;
    const { text, signature } = held;
    return { type: 'plan', text, signature: this.#parts.identity.sign(text), origin: signature };
  }

  /** What a member's plan says of it at a moment of the collector's clock; null without a plan. */
  ruleOf(agentId: string, nowMs: number): PlanRule | null {
    const plan = this.#held.get(agentId)?.plan;
    return plan ? ruleAt(plan, nowMs) : null;
  }

  /** Forgets those that are no members any more; before the roster is known nobody is. */
  retain(): void {
    const { roster } = this.#parts;
    if (!roster.isKnown) return;
    for (const agentId of this.#held.keys()) {
      if (roster.member(agentId)) continue;
      this.#held.delete(agentId);
      rmSync(this.#fileOf(agentId), { force: true });
    }
  }

  #look(agentId: string, came: SignedText, whence: string, held?: AgentPlan): boolean {
    const look = this.#verifier.look(came, agentId);
    const isTaken = look.kind === 'plan' && isNewer(look.signed.plan, held);
    const because = look.kind === 'refused' ? look.because : 'it is no newer';
    if (isTaken) this.#held.set(agentId, look.signed);
    else this.#parts.log.warn({ agentId, whence, because }, 'a plan of a member is refused');
    return isTaken;
  }

  #kept(): string[] {
    try {
      const names = readdirSync(this.#directory).map((name) => name.replace(/\.json$/, ''));
      return names.filter((name) => isId('agentId', name));
    } catch {
      // There never was one.
      return [];
    }
  }

  #fileOf(agentId: string): string {
    return join(this.#directory, `${agentId}.json`);
  }
}
