import { Compile } from 'typebox/compile';
import { createAgentDecoder } from '../codec.ts';
import type { Heartbeat } from '../messages/agent.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Keyring, KnownWorkstation } from '../session/keyring.ts';
import { carryLimits } from './carry-limits.ts';
import { partName, type PartName } from './names.ts';
import { PART_FORMAT, PartHead, partSigningText } from './part-head.ts';
import type { CarryRefusal } from './refusals.ts';
import { splitSigned } from './signed-lines.ts';

/** Checks that need a library, handed in. */
export interface CarryKeys extends Pick<Keyring, 'isSignedBy' | 'agentIdOf'> {
  /** Hex. */
  sha256(bytes: Uint8Array): string;
}

/** Which workstations the importer knows, and their keys. */
export type FindWorkstation = (agentId: string) => KnownWorkstation | undefined;

/** A part whose signature and checksum hold; `packed` may be unpacked now. */
export interface OpenedPart {
  readonly kind: 'opened';
  readonly head: PartHead;
  readonly packed: Uint8Array;
}

export type PartOutcome =
  | OpenedPart
  | {
      readonly kind: 'refused';
      readonly refusal: CarryRefusal;
      /** What the head says of the ППЭ, unproven; for the message. */
      readonly siteCode?: string | undefined;
    };

/** What a part should be. */
export interface ExpectedPart {
  /** What its file's name says. */
  readonly name?: PartName | undefined;
  /** Without it any workstation's own signature will do: somebody else asks whose it is. */
  readonly find?: FindWorkstation | undefined;
}

/** Reads parts. Compiles its validators, so make it once. */
export class PartReader {
  readonly #keys: CarryKeys;
  readonly #head = Compile(PartHead);
  readonly #decode = createAgentDecoder();

  constructor(keys: CarryKeys) {
    this.#keys = keys;
  }

  /** Verifies a file by its name, its key and its checksum, before anything of it is unpacked. */
  open(file: Uint8Array, { name, find }: ExpectedPart): PartOutcome {
    if (file.length > carryLimits.partFileBytes) return refused('tooBig');
    const split = splitSigned(file, carryLimits.headBytes);
    const value = split && parse(split.text);
    if (!split || value === undefined) return refused('damaged');
    if (value.format !== PART_FORMAT && isPartFormat(value.format))
      return refused('unsupportedFormat');
    if (!this.#head.Check(value)) return refused('damaged');
    const head: PartHead = value;
    const isNamed = name === undefined || partName(head) === partName(name);
    if (!isNamed || head.count > head.to - head.from + 1) return refused('damaged');
    const refusal = this.#refusalOf(head, find) ?? this.#signatureFault(head, split);
    if (refusal !== undefined) return { kind: 'refused', refusal, siteCode: head.siteCode };
    if (this.#keys.sha256(split.body) !== head.sha256) return refused('damaged');
    return { kind: 'opened', head, packed: split.body };
  }

  /**
   * The heartbeats of an unpacked part. A line that is no heartbeat of it comes as undefined and
   * the rest goes on: the workstation itself signed them.
   */
  *heartbeats(head: PartHead, text: string): Generator<Heartbeat | undefined> {
    let at = 0;
    let last = head.from - 1;
    for (let line = 0; line < head.count; line += 1) {
      const end = text.indexOf('\n', at);
      const heartbeat = end < 0 ? undefined : this.#heartbeat(text.slice(at, end));
      if (end >= 0) at = end + 1;
      const isOfPart =
        heartbeat?.bootId === head.bootId && heartbeat.seq > last && heartbeat.seq <= head.to;
      if (heartbeat && isOfPart) last = heartbeat.seq;
      yield isOfPart ? heartbeat : undefined;
    }
  }

  #refusalOf(head: PartHead, find: FindWorkstation | undefined): CarryRefusal | undefined {
    if (!find) return undefined;
    const known = find(head.agentId);
    if (!known) return 'unknownWorkstation';
    return known.publicKey === head.publicKey ? undefined : 'foreignKey';
  }

  #signatureFault(
    head: PartHead,
    split: { readonly text: string; readonly signature: string },
  ): CarryRefusal | undefined {
    const isOwn = this.#keys.agentIdOf(head.publicKey) === head.agentId;
    const text = partSigningText(split.text);
    const isSigned = isOwn && this.#keys.isSignedBy(head.publicKey, text, split.signature);
    return isSigned ? undefined : 'badSignature';
  }

  #heartbeat(line: string): Heartbeat | undefined {
    try {
      const message = this.#decode(line);
      // Only its own, only carried: what a live heartbeat raises must not come from a stick.
      return message.type === 'heartbeat' &&
        message.delivery === 'carried' &&
        message.agentId === undefined
        ? message
        : undefined;
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isPartFormat(format: unknown): boolean {
  return typeof format === 'string' && /^ppe-pulse\.part\.v\d{1,4}$/.test(format);
}

function refused(refusal: CarryRefusal): PartOutcome {
  return { kind: 'refused', refusal };
}
