import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useSeesRegion } from '../session/use-session.ts';
import type { RegistryAnswer } from './shapes.ts';

type Names = ReadonlyMap<string, string>;

const nobodyAsked: Names = new Map();
const NamesContext = createContext<Names>(nobodyAsked);

interface NamesProps {
  readonly children: ReactNode;
}

/** Names of municipalities by slug; the registry answers none to those who see a part of the region. */
export function MunicipalityNames({ children }: NamesProps) {
  const Names = useSeesRegion() ? NamesOfRegistry : NamesOfPicture;
  return <Names>{children}</Names>;
}

function NamesOfPicture({ children }: NamesProps) {
  const municipalities = useLive((state) => state.municipalities);
  const names = useMemo<Names>(
    () => new Map(municipalities.map(({ slug, name }) => [slug, name])),
    [municipalities],
  );
  return <NamesContext.Provider value={names}>{children}</NamesContext.Provider>;
}

function NamesOfRegistry({ children }: NamesProps) {
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
