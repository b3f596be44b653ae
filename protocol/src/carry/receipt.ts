import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { EpochMs, Sequence, idOf } from '../messages/shared.ts';
import type { Keyring } from '../session/keyring.ts';
import { BootRanges } from './boot-ranges.ts';
import { carryLimits } from './carry-limits.ts';
import { joinSigned, splitSigned } from './signed-lines.ts';

const RECEIPT_FORMAT = 'ppe-pulse.receipt.v1';

/** What an importer holds durably of one workstation: its journal may free it. */
const Receipt = Type.Object({
  format: Type.Literal(RECEIPT_FORMAT),
  agentId: idOf('agentId'),
  /** Raw Ed25519 key of the collector or relay that signs. */
  publicKey: idOf('publicKey'),
  issuedAtMs: EpochMs,
  boots: Type.Array(
    Type.Object({
      bootId: idOf('bootId'),
      ranges: Type.Array(Type.Tuple([Sequence, Sequence]), {
        minItems: 1,
        maxItems: carryLimits.receiptRanges,
      }),
    }),
    { maxItems: carryLimits.receiptBoots },
  ),
});
type Receipt = Static<typeof Receipt>;

/** Who signs a receipt. */
export interface ReceiptSigner {
  readonly publicKey: string;
  sign(text: string): string;
}

/** Whose receipt is expected, from whom. */
export interface ReceiptParties {
  readonly agentId: string;
  readonly publicKey: string;
}

/**
 * The receipt's file. What is over its limits is left out, oldest boots and lowest numbers first:
 * the journal keeps it and it is sent once more.
 */
export function writeReceipt(
  agentId: string,
  durable: BootRanges,
  issuedAtMs: number,
  signer: ReceiptSigner,
): Uint8Array {
  const boots = [...durable.boots()].slice(-carryLimits.receiptBoots);
  for (;;) {
    const receipt: Receipt = {
      format: RECEIPT_FORMAT,
      agentId,
      publicKey: signer.publicKey,
      issuedAtMs,
      boots: boots.map(([bootId, ranges]) => ({
        bootId,
        ranges: ranges.slice(-carryLimits.receiptRanges).map(([from, to]) => [from, to]),
      })),
    };
    const text = JSON.stringify(receipt);
    if (text.length > HEAD_BYTES) {
      boots.splice(0, Math.ceil(boots.length / 4));
      continue;
    }
    const signature = signer.sign(receiptSigningText(text));
    return joinSigned({ text, signature, body: new Uint8Array(0) });
  }
}

/** The ranges of a receipt that the expected key signed for the expected workstation. */
export function readReceipt(
  file: Uint8Array,
  parties: ReceiptParties,
  isSignedBy: Keyring['isSignedBy'],
): BootRanges | undefined {
  if (file.length > carryLimits.receiptBytes) return undefined;
  const split = splitSigned(file, HEAD_BYTES);
  if (!split || !isSignedBy(parties.publicKey, receiptSigningText(split.text), split.signature))
    return undefined;
  // The expected key signed it, but maybe of another version, or for another workstation.
  const receipt = parse(split.text);
  if (!Compile(Receipt).Check(receipt)) return undefined;
  const { agentId, boots } = receipt;
  if (agentId !== parties.agentId) return undefined;
  const durable = new BootRanges();
  for (const { bootId, ranges } of boots)
    for (const [from, to] of ranges) if (from <= to) durable.add(bootId, from, to);
  return durable;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Room for the signature's line. */
const HEAD_BYTES = carryLimits.receiptBytes - 128;

function receiptSigningText(text: string): string {
  return `ppe-pulse.carry.v1 receipt\n${text}`;
}
