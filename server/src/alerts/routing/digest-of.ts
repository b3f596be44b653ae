import type { Incident } from '@ppe-pulse/protocol';

/** What makes an incident worth telling again: it became another one, or reaches further. */
export function stateOf({ kind, reason, severity, level, peakChildren }: Incident): string {
  return [kind, reason, severity, level, peakChildren].join(' ');
}

/** Worst first: severity, then reach, then age. */
export function worstFirst(incidents: readonly Incident[]): readonly Incident[] {
  return incidents.toSorted(
    (a, b) =>
      Number(b.severity === 'critical') - Number(a.severity === 'critical') ||
      b.sites - a.sites ||
      b.children - a.children ||
      a.openedAtMs - b.openedAtMs ||
      a.id.localeCompare(b.id, 'en', { numeric: true }),
  );
}
