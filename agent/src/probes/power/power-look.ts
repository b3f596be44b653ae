import type { PowerFacts, Reason } from '@ppe-pulse/protocol';

/** One look at the PC's power. `nothing`: it has neither a battery nor a UPS that anybody knows of. */
export type PowerLook =
  | { readonly kind: 'seen'; readonly facts: PowerFacts }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly reason: Reason };
