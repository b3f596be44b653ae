import type { AgentPlan } from '@ppe-pulse/protocol';
import { createAgentPlanReader } from '@ppe-pulse/protocol/codec';
import { isSignedBy } from '../platform/identity.ts';

/** A plan as it came: its text stands under its signature. */
export interface SignedText {
  readonly text: string;
  readonly signature: string;
  /** The collector's, where a relay has signed anew. */
  readonly origin?: string;
}

/** One that was looked at: whose, and by whom signed. */
export interface SignedPlan extends SignedText {
  readonly plan: AgentPlan;
}

/** A plan, or why it is none: one line for a log. */
export type PlanLook =
  | { readonly kind: 'plan'; readonly signed: SignedPlan }
  | { readonly kind: 'refused'; readonly because: string };

/** Reads plans that one key has signed: nobody else's word changes what an agent does. */
export class PlanVerifier {
  readonly #publicKey: string;
  readonly #read = createAgentPlanReader();

  constructor(publicKey: string) {
    this.#publicKey = publicKey;
  }

  /** The signature comes first: what nobody signed is not even parsed. */
  look({ text, signature, origin }: SignedText, agentId: string): PlanLook {
    const own = [signature, origin].find(
      (each) => each !== undefined && isSignedBy(this.#publicKey, text, each),
    );
    if (own === undefined) return refused('it is not signed by the key that this PC has pinned');
    const reading = this.#read(text);
    if (reading.kind === 'refused') return reading;
    if (reading.plan.agentId !== agentId) return refused('it is for another workstation');
    return { kind: 'plan', signed: { text, signature: own, plan: reading.plan } };
  }
}

/** True when the plan may take the place of the one that is held. */
export function isNewer(plan: AgentPlan, held: AgentPlan | undefined): boolean {
  return held === undefined || plan.planId !== held.planId || plan.version > held.version;
}

/** The two parts of a file or a frame, when it has them. */
export function signedTextOf(value: unknown): SignedText | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { text, signature } = value as Partial<Record<keyof SignedText, unknown>>;
  return typeof text === 'string' && typeof signature === 'string'
    ? { text, signature }
    : undefined;
}

function refused(because: string): PlanLook {
  return { kind: 'refused', because };
}
