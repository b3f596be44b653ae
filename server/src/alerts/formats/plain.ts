/** Signs that would end a line or a header, or turn the reading direction around. */
const UNFIT = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu;

/** One line of plain text: a name from a registry may hold anything. */
export function oneLine(text: string): string {
  return text.replaceAll(UNFIT, ' ').trim();
}

/** Cuts a text to so many UTF-16 units, which is how receivers count, and never inside of a sign. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, maxLength - 1);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/** The escape of a format that reads no markup. */
export function textAsItIs(text: string): string {
  return text;
}
