import { Type, type Static } from 'typebox';
import { EpochMs, Sequence, idOf } from '../messages/shared.ts';
import { carryLimits } from './carry-limits.ts';

/** Format of a part; a reader refuses another version, fields are only ever added to this one. */
export const PART_FORMAT = 'ppe-pulse.part.v1';

/** The first line of a part: whose heartbeats these are and how they were packed. */
export const PartHead = Type.Object({
  format: Type.Literal(PART_FORMAT),
  agentId: idOf('agentId'),
  publicKey: idOf('publicKey'),
  bootId: idOf('bootId'),
  /** First and last number; some between them may have been freed before. */
  from: Sequence,
  to: Sequence,
  count: Type.Integer({ minimum: 1, maximum: carryLimits.partHeartbeats }),
  /** The workstation's own wall clock. */
  exportedAtMs: EpochMs,
  agentVersion: idOf('version'),
  /** Where the workstation last knew itself to stand: for messages, never for decisions. */
  siteCode: Type.Optional(idOf('siteCode')),
  /** `collector`: every heartbeat carries `producedAtMs`; `wall`: some have their wall clock only. */
  clock: Type.Enum(['collector', 'wall']),
  /** Of the packed bytes that follow the signature, hex. */
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});
export type PartHead = Static<typeof PartHead>;

/** What a workstation signs: the leading words keep the signature from being used elsewhere. */
export function partSigningText(head: string): string {
  return `ppe-pulse.carry.v1 part\n${head}`;
}
