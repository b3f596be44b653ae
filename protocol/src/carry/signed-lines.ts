import { isId } from '../ids.ts';

const LINE_END = 10;
/** Ed25519 in base64url without padding. */
const SIGNATURE_CHARACTERS = 86;

/** Text under a signature, and what follows it in the file. */
export interface SignedHead {
  /** One line of JSON, exactly as it was signed. */
  readonly text: string;
  readonly signature: string;
  readonly body: Uint8Array;
}

/** A line of JSON, a line with the signature over it, then the body: what is signed needs no rules. */
export function joinSigned({ text, signature, body }: SignedHead): Uint8Array {
  const head = `${text}\n${signature}\n`;
  const file = new Uint8Array(head.length + body.length);
  for (let at = 0; at < head.length; at += 1) file[at] = head.charCodeAt(at);
  file.set(body, head.length);
  return file;
}

/** Undefined when the file does not begin with two such lines of at most `maxBytes`. */
export function splitSigned(file: Uint8Array, maxBytes: number): SignedHead | undefined {
  const end = file.subarray(0, maxBytes + 1).indexOf(LINE_END);
  if (end < 0) return undefined;
  const signatureEnd = end + 1 + SIGNATURE_CHARACTERS;
  if (file[signatureEnd] !== LINE_END) return undefined;
  const signature = asciiOf(file.subarray(end + 1, signatureEnd));
  const text = asciiOf(file.subarray(0, end));
  if (text === undefined || signature === undefined || !isWhole(signature)) return undefined;
  return { text, signature, body: file.subarray(signatureEnd + 1) };
}

/** The last character holds two bits: one signature has one spelling, so no byte may differ. */
function isWhole(signature: string): boolean {
  return isId('signature', signature) && /[AQgw]$/.test(signature);
}

function asciiOf(bytes: Uint8Array): string | undefined {
  let text = '';
  for (const byte of bytes) {
    if (byte < 0x20 || byte > 0x7e) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
