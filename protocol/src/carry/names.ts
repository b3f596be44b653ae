/** The one folder of the stick that is ours, and the folder of receipts in it. */
export const CARRY_FOLDER = 'ppe-pulse';
export const RECEIPTS_FOLDER = 'receipts';

const PART = /^(w-[0-9a-f]{16})\.([0-9a-f]{16})\.([1-9][0-9]{0,15})-([1-9][0-9]{0,15})\.part$/;
const DRAFT = /^(w-[0-9a-f]{16})\.[0-9a-f]{16}\.[0-9]{1,16}-[0-9]{1,16}\.part\.tmp$/;
const RECEIPT = /^(w-[0-9a-f]{16})\.(c-[0-9a-f]{16})\.receipt$/;

/** What the name of a part says; its head repeats it under the signature. */
export interface PartName {
  readonly agentId: string;
  readonly bootId: string;
  readonly from: number;
  readonly to: number;
}

export function partName({ agentId, bootId, from, to }: PartName): string {
  return `${agentId}.${bootId}.${from}-${to}.part`;
}

/** Undefined for any other name: only such files are ever opened. */
export function parsePartName(name: string): PartName | undefined {
  const [, agentId, bootId, from, to] = PART.exec(name) ?? [];
  if (agentId === undefined || bootId === undefined) return undefined;
  return { agentId, bootId, from: Number(from), to: Number(to) };
}

/** A part is written under this name and renamed when it is whole. */
export function draftName(name: PartName): string {
  return `${partName(name)}.tmp`;
}

/** Whose half-written part this is; undefined when the name is no draft's. */
export function draftOwner(name: string): string | undefined {
  return DRAFT.exec(name)?.[1];
}

export function receiptName(agentId: string, issuerId: string): string {
  return `${agentId}.${issuerId}.receipt`;
}

export function parseReceiptName(name: string): { agentId: string; issuerId: string } | undefined {
  const [, agentId, issuerId] = RECEIPT.exec(name) ?? [];
  return agentId === undefined || issuerId === undefined ? undefined : { agentId, issuerId };
}
