import { statSync } from 'node:fs';
import { limits } from '@ppe-pulse/protocol';
import { codeOf } from '../platform/errors.ts';
import { readText, writeWhole } from '../platform/files.ts';
import type { Log } from '../platform/log.ts';
import { signedTextOf, type SignedText } from './signed-plan.ts';

/** A character of the text takes six bytes at most, written as `\uXXXX`. */
const MAX_BYTES = 6 * limits.agentPlanCharacters + 1_000;

/** A plan that was kept, whoever changed it since: its signature tells. */
export function readSignedText(path: string): SignedText | undefined {
  if (sizeOf(path) > MAX_BYTES) return undefined;
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return signedTextOf(JSON.parse(text));
  } catch {
    // A damaged cache is no cache: the next connection writes it again.
    return undefined;
  }
}

/** Keeps a plan. A full disk is no reason to leave: it is known until the next start. */
export function keepSignedText(path: string, { text, signature }: SignedText, log: Log): void {
  try {
    writeWhole(path, `${JSON.stringify({ text, signature })}\n`);
  } catch (error) {
    log.error({ error: codeOf(error) }, 'the plan cannot be written');
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    // There is none, or none to be read.
    return 0;
  }
}
