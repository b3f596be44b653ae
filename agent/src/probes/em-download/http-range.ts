/** A part of a package: bytes `from`…`to`, both inside. */
export interface ContentRange {
  readonly from: number;
  readonly to: number;
  /** Undefined where the server does not know. */
  readonly total: number | undefined;
}

/** What one response says of the package. */
export interface ResponseHead {
  readonly status: number;
  readonly contentLength: string | undefined;
  readonly contentRange: string | undefined;
  readonly etag: string | undefined;
}

/** What has been received before this response. */
export interface Received {
  readonly bytes: number;
  /** Strong ETag of what these bytes belong to. */
  readonly etag: string | undefined;
  /** Bytes are compared with what they must be: then a part needs no tag to be trusted. */
  readonly isCompared?: boolean;
}

/** What to do with a response. */
export type ResponsePlan =
  /** The body goes on where the last one was cut. */
  | { readonly kind: 'append'; readonly total: number | undefined }
  /** The body is the package from its first byte; what was received is forgotten. */
  | { readonly kind: 'restart'; readonly total: number | undefined }
  /** Nothing is missing; no body is read. */
  | { readonly kind: 'done' }
  /** The part is of no use: ask again from the first byte. */
  | { readonly kind: 'again' }
  /** 429 and 5xx: the server may get better. */
  | { readonly kind: 'busy' }
  /** Asking again would bring the same. */
  | { readonly kind: 'refused'; readonly reason: 'unauthorised' | 'notFound' | 'badAnswer' };

/** A header's number: digits only, and exact as a JavaScript number. */
const DIGITS = /^\d{1,15}$/;
/** RFC 9110 §14.4 with one unit; a space and no other. */
const RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i;
const UNSATISFIED = /^bytes \*\/(\d{1,15})$/i;
/** RFC 9110 §8.8.3 without `W/`: a weak tag says nothing of bytes. */
const STRONG_ETAG = /^"[\x21\x23-\x7e]{0,256}"$/;

/** `Content-Range` of a 206; undefined when it is malformed or contradicts itself. */
export function parseContentRange(text: string): ContentRange | undefined {
  const found = RANGE.exec(text.trim());
  if (!found) return undefined;
  const [from, to] = [Number(found[1]), Number(found[2])];
  const total = found[3] === '*' ? undefined : Number(found[3]);
  return to < from || (total !== undefined && to >= total) ? undefined : { from, to, total };
}

/** Size of the whole in the `Content-Range` of a 416; undefined when it is malformed. */
export function parseUnsatisfiedRange(text: string): number | undefined {
  const found = UNSATISFIED.exec(text.trim())?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The ETag when it is strong and short; undefined otherwise. */
export function strongEtag(text: string | undefined): string | undefined {
  return text !== undefined && STRONG_ETAG.test(text) ? text : undefined;
}

/** Headers of the next request. Without a strong ETag a part could be of another package. */
export function rangeHeaders(received: Received): Record<string, string> {
  if (received.bytes === 0) return {};
  if (received.isCompared === true) return { range: `bytes=${received.bytes}-` };
  if (received.etag === undefined) return {};
  return { range: `bytes=${received.bytes}-`, 'if-range': received.etag };
}

/** What to do with a response to a request that had `rangeHeaders(received)` (RFC 9110 §13–15). */
export function planResponse(head: ResponseHead, received: Received): ResponsePlan {
  if (head.status === 200) return { kind: 'restart', total: lengthOf(head.contentLength) };
  if (head.status === 206) return planPart(head, received);
  if (head.status === 416) {
    const total = parseUnsatisfiedRange(head.contentRange ?? '');
    return { kind: total !== undefined && total === received.bytes ? 'done' : 'again' };
  }
  if (head.status === 401 || head.status === 403)
    return { kind: 'refused', reason: 'unauthorised' };
  if (head.status === 404 || head.status === 410) return { kind: 'refused', reason: 'notFound' };
  if (head.status === 429 || head.status >= 500) return { kind: 'busy' };
  // A redirect too: the package is fetched from where the configuration says and nowhere else.
  return { kind: 'refused', reason: 'badAnswer' };
}

function planPart(head: ResponseHead, received: Received): ResponsePlan {
  const range = parseContentRange(head.contentRange ?? '');
  const isSame =
    received.isCompared === true || head.etag === undefined || head.etag === received.etag;
  if (!range || received.bytes === 0 || range.from !== received.bytes || !isSame)
    return { kind: 'again' };
  return { kind: 'append', total: range.total };
}

function lengthOf(text: string | undefined): number | undefined {
  return text !== undefined && DIGITS.test(text) ? Number(text) : undefined;
}
