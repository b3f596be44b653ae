/** A URL that is let go at once may be gone before the browser has read it. */
const KEEP_MS = 60_000;

/** Gives the person a JSON document as a file to save. */
export function saveJson(name: string, document: unknown): void {
  const blob = new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: 'application/json' });
  const url = URL.createObjectURL(blob);
  const link = Object.assign(window.document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}

/** `ppe-4216.enrolment.json`; with the place where it is a file of one. Pure. */
export function enrolmentFileName(siteCode: string, roomCode?: string): string {
  return `ppe-${siteCode}${roomCode === undefined ? '' : `-${roomCode}`}.enrolment.json`;
}
