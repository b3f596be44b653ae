import type { Incident } from '@ppe-pulse/protocol';
import { incidentPlace, incidentTitle, type PlaceNames } from '@ppe-pulse/protocol/texts';
import { useLive } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';

/**
 * Title and place of an incident with the registry's names. Takes from the picture two words only, so
 * that a line is not rendered again with every change of a site.
 */
export function useIncidentNames(incident: Incident): {
  readonly title: string;
  readonly place: string;
} {
  const { language } = useWords();
  const firstSite = incident.siteCode ?? incident.siteCodes[0] ?? '';
  const municipality = useLive((state) => state.registry.get(firstSite)?.municipality);
  const siteKind = useLive((state) => state.registry.get(firstSite)?.kind);
  const names: PlaceNames = { municipality: () => municipality, siteKind: () => siteKind };
  return {
    title: incidentTitle(incident, language, names),
    place: incidentPlace(incident, language, names),
  };
}
