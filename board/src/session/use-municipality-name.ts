import { useLive } from '../live/use-live.ts';

/** The name of a municipality where the picture knows it, else its slug. */
export function useMunicipalityName(slug: string): string {
  return useLive(
    ({ municipalities, registry }) =>
      municipalities.find((each) => each.slug === slug)?.name ??
      [...registry.values()].find((each) => each.municipalitySlug === slug)?.municipality ??
      slug,
  );
}
