/**
 * A fresh id of a request: the same one twice is done once. A UUID made by hand, for the browser's own
 * is missing on pages without TLS.
 */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [0, 8, 12, 16, 20]
    .map((from, at, starts) => hex.slice(from, starts[at + 1] ?? hex.length))
    .join('-');
}
