import type { Placement } from '@ppe-pulse/protocol';
import { agentIdOf } from '../../access/keys.ts';
import type { ApiContext } from '../context.ts';

/** A workstation to enrol, and who asks for it. */
export interface AskedEnrolment {
  readonly publicKey: string;
  readonly placement: Omit<Placement, 'simulated'> & { readonly simulated?: boolean };
  readonly account: string;
}

/**
 * Enrols a workstation and writes down who did; true for one that was not known. The caller's
 * transaction makes the two one.
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
