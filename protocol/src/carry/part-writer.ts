import { limits } from '../limits.ts';
import type { Heartbeat } from '../messages/agent.ts';
import { carryLimits } from './carry-limits.ts';
import type { PartName } from './names.ts';
import { PART_FORMAT, partSigningText, type PartHead } from './part-head.ts';
import { joinSigned } from './signed-lines.ts';

/** Half of what readers take: text that is not ASCII is twice as long at most. */
const DRAFT_CHARACTERS = carryLimits.partTextBytes / 2;

/** Who signs a part, and with what. */
export interface PartSigner {
  readonly agentId: string;
  readonly publicKey: string;
  readonly agentVersion: string;
  readonly siteCode?: string | undefined;
  readonly sign: (text: string) => string;
  /** Hex. */
  readonly sha256: (bytes: Uint8Array) => string;
  readonly pack: (text: string) => Uint8Array;
}

/** Heartbeats of one boot, in order, until they fill a part. */
export class PartDraft {
  readonly bootId: string;
  readonly #lines: string[] = [];
  readonly #sequences: number[] = [];
  #characters = 0;
  #isTimed = true;

  constructor(bootId: string) {
    this.bootId = bootId;
  }

  get count(): number {
    return this.#sequences.length;
  }

  /** Its numbers, ascending. */
  get sequences(): readonly number[] {
    return this.#sequences;
  }

  /**
   * Takes a heartbeat in. `full` belongs into the next draft; `oversized` is longer than a frame may
   * be: no reader would take it, on no way.
   */
  add(heartbeat: Heartbeat, producedAtMs: number | undefined): 'taken' | 'full' | 'oversized' {
    const line = lineOf(heartbeat, producedAtMs);
    if (line.length > limits.agentFrameBytes) return 'oversized';
    const isOther = heartbeat.bootId !== this.bootId || heartbeat.seq <= this.#last;
    const isFull =
      this.count >= carryLimits.partHeartbeats ||
      this.#characters + line.length >= DRAFT_CHARACTERS;
    if (isOther || (isFull && this.count > 0)) return 'full';
    this.#lines.push(line);
    this.#sequences.push(heartbeat.seq);
    this.#characters += line.length + 1;
    if (producedAtMs === undefined) this.#isTimed = false;
    return 'taken';
  }

  /** The part's name and its file. */
  finish(signer: PartSigner, exportedAtMs: number): { name: PartName; file: Uint8Array } {
    const { agentId, publicKey, agentVersion, siteCode } = signer;
    const name = { agentId, bootId: this.bootId, from: this.#sequences[0] ?? 0, to: this.#last };
    const body = signer.pack(`${this.#lines.join('\n')}\n`);
    const head: PartHead = {
      format: PART_FORMAT,
      agentId,
      publicKey,
      bootId: this.bootId,
      from: name.from,
      to: name.to,
      count: this.count,
      exportedAtMs,
      agentVersion,
      ...(siteCode === undefined ? {} : { siteCode }),
      clock: this.#isTimed ? 'collector' : 'wall',
      sha256: signer.sha256(body),
    };
    const text = JSON.stringify(head);
    return {
      name,
      file: joinSigned({ text, signature: signer.sign(partSigningText(text)), body }),
    };
  }

  get #last(): number {
    return this.#sequences.at(-1) ?? 0;
  }
}

/** One line: the frame as a relay or a collector would take it. */
function lineOf(heartbeat: Heartbeat, producedAtMs: number | undefined): string {
  return JSON.stringify({
    ...heartbeat,
    delivery: 'carried',
    ...(producedAtMs === undefined ? {} : { producedAtMs: Math.max(0, producedAtMs) }),
  } satisfies Heartbeat);
}
