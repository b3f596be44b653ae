import type { LiveState } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';

/** The name of a municipality where the picture knows it, else its slug; empty for an empty one. */
export function useMunicipalityName(slug: string): string {
  return useLive((state) => nameIn(state, slug));
}

function nameIn({ municipalities, registry }: LiveState, slug: string): string {
  // Nearly nobody asks; those who do not must not pay for a look at every site with every frame.
  if (slug === '') return '';
  const known = municipalities.find((each) => each.slug === slug)?.name;
  if (known !== undefined) return known;
  for (const site of registry.values())
    if (site.municipalitySlug === slug) return site.municipality;
  return slug;
}
