import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Incident } from '@ppe-pulse/protocol';
import { useIsReplay } from '../replay/is-replay.ts';
import { isOwn, mayOf, seesRegion, type Deed } from './may.ts';
import type { KnownSession, SessionSource } from './session-source.ts';

/** Undefined where pages stand alone and nobody asks who looks. */
export const SessionContext = createContext<SessionSource | undefined>(undefined);

/** Who this browser is; undefined before the collector said it. */
export function useSession(): KnownSession {
  const source = useContext(SessionContext);
  return useSyncExternalStore(source?.subscribe ?? noNews, () => source?.session);
}

/** True where this may be done: by this role, and not to the past. */
export function useMay(deed: Deed): boolean {
  const session = useSession();
  const isReplay = useIsReplay();
  return !isReplay && mayOf(session?.role, deed);
}

/** Which incidents may be taken, told of, ended. */
export function useMayActOn(): (incident: Pick<Incident, 'siteCode' | 'municipality'>) => boolean {
  const session = useSession();
  const mayAct = useMay('act');
  return (incident) => mayAct && isOwn(session ?? undefined, incident);
}

/** False for those who see a part of the region. */
export function useSeesRegion(): boolean {
  return seesRegion(useSession()?.role);
}

function noNews(): () => void {
  return () => undefined;
}
