import type { LiveMunicipality } from '@ppe-pulse/protocol';

/** Names by slug as people tell them apart: two of one name get their kind, «Беловский ГО». */
export function municipalityLabels(
  municipalities: readonly LiveMunicipality[],
): ReadonlyMap<string, string> {
  const seen = new Map<string, number>();
  for (const { name } of municipalities) seen.set(name, (seen.get(name) ?? 0) + 1);
  return new Map(
    municipalities.map(({ slug, name, kind }) => [
      slug,
      (seen.get(name) ?? 0) > 1 ? `${name} ${shortKind(kind)}`.trim() : name,
    ]),
  );
}

/** `МО` of `МО/МР`: the region has named them both ways. */
function shortKind(kind: string): string {
  return kind.split('/')[0]?.trim() ?? '';
}
