import { useLive } from '../live/use-live.ts';
import { useScopeTexts } from '../session/scope-texts.ts';
import type { Session } from '../session/session.ts';
import { useMunicipalityName } from '../session/use-municipality-name.ts';
import { useAccountWords } from './use-account-words.ts';

/** What an account may see: the whole region, a municipality, or one ППЭ by code and name. */
export function useScopeName({ role, municipality = '', siteCode = '' }: Session): string {
  const { own } = useAccountWords();
  const scope = useScopeTexts();
  const name = useMunicipalityName(municipality);
  const site = useLive((state) => state.registry.get(siteCode)?.name);
  if (role === 'municipal') return scope.municipality(name);
  if (role !== 'ppe') return own.wholeRegion;
  return site === undefined ? scope.site(siteCode) : `${scope.site(siteCode)}, ${site}`;
}
