import type { Placement } from '@ppe-pulse/protocol';
import { isAgentKey } from '../../access/agent-key.ts';
import { agentIdOf } from '../../access/keys.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';

/** A workstation to enrol, and who asks for it. */
export interface AskedEnrolment {
  readonly publicKey: string;
  readonly placement: Omit<Placement, 'simulated'> & { readonly simulated?: boolean };
  readonly account: string;
}

/**
 * Throws a `Problem` for a key that proves nothing. Before the transaction of a request: what lies in memory
 * is not taken back with it.
 */
export function assertAgentKey(publicKey: string): void {
  if (!isAgentKey(publicKey))
    throw new Problem(422, 'weakKey', 'this is no key that a workstation could prove itself with');
}

/**
 * Enrols a workstation and writes down who did; true for one that was not known. The caller's
 * transaction makes the two one; before it `assertAgentKey` has looked at the key.
 */
export function enrolAudited(
  { audit, clock, enrol }: ApiContext,
  { publicKey, placement, account }: AskedEnrolment,
): boolean {
  const id = agentIdOf(publicKey);
  const atMs = clock.wallMs();
  const isNew = enrol(
    id,
    publicKey,
    { ...placement, simulated: placement.simulated ?? false },
    atMs,
  );
  const { siteCode, roomCode, role, duty } = placement;
  const details = { siteCode, roomCode, role, duty };
  if (isNew) audit.add({ atMs, account, action: 'workstation.enrol', subject: id, details });
  return isNew;
}
