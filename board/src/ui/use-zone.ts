import { createContext, useContext } from 'react';
import { useLive } from '../live/use-live.ts';
import { zoneOf } from './time.ts';

/** Code of the ППЭ that a page is about, of a municipality one of its own; empty on every other. */
export const SiteContext = createContext('');

/** The zone that times are told in here: the region's, on the page of one ППЭ or municipality that of the place. */
export function useZone(): string {
  const code = useContext(SiteContext);
  return useLive(({ registry }) => zoneOf(registry, code));
}
