import { useMemo } from 'react';
import type { PlaceNames } from '@ppe-pulse/protocol/texts';
import { useLive } from '../live/use-live.ts';
import { municipalityLabels } from './municipality-names.ts';

/** Names of the registry for titles of incidents. */
export function usePlaceNames(): PlaceNames {
  const municipalities = useLive((state) => state.municipalities);
  const registry = useLive((state) => state.registry);
  return useMemo(() => {
    const labels = municipalityLabels(municipalities);
    return {
      municipality: (slug) => labels.get(slug),
      siteKind: (code) => registry.get(code)?.kind,
    };
  }, [municipalities, registry]);
}
