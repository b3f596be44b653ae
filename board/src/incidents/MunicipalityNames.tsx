import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import type { RegistryAnswer } from './shapes.ts';

type Names = ReadonlyMap<string, string>;

const nobodyAsked: Names = new Map();
const NamesContext = createContext<Names>(nobodyAsked);

/** Names of municipalities by slug: the live picture has names only, and a silence names a slug. */
export function MunicipalityNames({ children }: { readonly children: ReactNode }) {
  // Another region brings other sites.
  const sites = useLive((state) => state.registry.size);
  const answer = useAnswer(getJson<RegistryAnswer>, '/api/v1/registry', sites);
  const municipalities = answer?.kind === 'done' ? answer.value.municipalities : undefined;
  const names = useMemo<Names>(
    () => new Map(municipalities?.map(({ slug, name }) => [slug, name])),
    [municipalities],
  );
  return <NamesContext.Provider value={names}>{children}</NamesContext.Provider>;
}

/** The registry's names where `MunicipalityNames` is around, none elsewhere. */
export function useMunicipalityNames(): Names {
  return useContext(NamesContext);
}
