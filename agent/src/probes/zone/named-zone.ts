/** True when this runtime knows a zone of that name, such as `Asia/Novokuznetsk`. */
export function isZone(name: string): boolean {
  return offsetOfZone(name, 0) !== undefined;
}

/** Minutes east of UTC in a named zone at a moment; undefined for a name that is none. */
export function offsetOfZone(name: string, atMs: number): number | undefined {
  let parts: Intl.DateTimeFormatPart[];
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      timeZoneName: 'longOffset',
    });
    parts = format.formatToParts(atMs);
  } catch {
    return undefined;
  }
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  if (text === 'GMT') return 0;
  const found = /^GMT([+-])(\d{2}):(\d{2})/.exec(text);
  if (!found) return undefined;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return found[1] === '-' ? -minutes : minutes;
}
