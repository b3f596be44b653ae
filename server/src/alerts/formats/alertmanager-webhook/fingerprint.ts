import type { Labels } from '../alertmanager/labels.ts';

const OFFSET = 14_695_981_039_346_656_037n;
const PRIME = 1_099_511_628_211n;
/** Between names and values; no byte of UTF-8 is it. */
const SEPARATOR = 255;

/** Fingerprint of labels as Alertmanager makes it: 64-bit FNV-1a over names in their order. */
export function fingerprint(labels: Labels): string {
  let sum = OFFSET;
  const add = (byte: number): void => {
    sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * PRIME);
  };
  const names = Object.keys(labels).sort((one, other) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
  for (const name of names)
    for (const part of [name, labels[name] ?? '']) {
      for (const byte of Buffer.from(part, 'utf8')) add(byte);
      add(SEPARATOR);
    }
  return sum.toString(16).padStart(16, '0');
}
