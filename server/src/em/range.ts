import type { OutgoingHttpHeaders } from 'node:http';

/** What a request asks for, as its headers say it. */
export interface RangeRequest {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** The representation that is asked for. */
export interface Representation {
  readonly bytes: number;
  /** Strong. */
  readonly etag: string;
}

/** How a request is answered: bytes `from`…`to`, both inside. */
export type RangeAnswer =
  | { readonly status: 200 | 206; readonly from: number; readonly to: number }
  | { readonly status: 416 };

/** Digits only, and exact as a JavaScript number. */
const ONE_RANGE = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i;
/** A header of this length is no single range. */
const LONGEST = 64;

/**
 * RFC 9110 §14.2: a single range of bytes. What is malformed, of another unit, or a list is ignored
 * and answered whole, as the RFC lets a server do; only a range past the end is refused.
 */
export function planRange(request: RangeRequest, { bytes, etag }: Representation): RangeAnswer {
  const whole = { status: 200, from: 0, to: bytes - 1 } as const;
  const { range, ifRange } = request;
  if (range === undefined || range.length > LONGEST) return whole;
  // A date never matches: the package has none. A weak tag says nothing of bytes.
  if (ifRange !== undefined && ifRange.trim() !== etag) return whole;
  const found = ONE_RANGE.exec(range.trim());
  const [first, last] = [found?.[1] ?? '', found?.[2] ?? ''];
  if (first === '' && last === '') return whole;
  if (first === '') return suffix(Number(last), bytes);
  const from = Number(first);
  const to = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < from) return whole;
  return from >= bytes ? { status: 416 } : { status: 206, from, to };
}

/** The last `length` bytes. */
function suffix(length: number, bytes: number): RangeAnswer {
  if (length === 0) return { status: 416 };
  return { status: 206, from: Math.max(0, bytes - length), to: bytes - 1 };
}

/** Headers of an answer. */
export function headersOf(
  answer: RangeAnswer,
  { bytes, etag }: Representation,
): OutgoingHttpHeaders {
  const always = {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store, no-transform',
  };
  if (answer.status === 416)
    return { ...always, 'content-range': `bytes */${bytes}`, 'content-length': 0 };
  const { status, from, to } = answer;
  return {
    ...always,
    'content-type': 'application/octet-stream',
    'content-length': to - from + 1,
    ...(status === 206 && { 'content-range': `bytes ${from}-${to}/${bytes}` }),
  };
}
