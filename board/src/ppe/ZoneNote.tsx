import { useMemo } from 'react';
import { useLive, useServerSecond } from '../live/use-live.ts';
import { zoneClock, zoneOf } from '../ui/time.ts';
import { useZone } from '../ui/use-zone.ts';
import { usePpeWords } from './use-ppe-words.ts';

/** The time that a page of one place tells, where it is another than the region's. */
export function ZoneNote() {
  const { own } = usePpeWords();
  const nowMs = useServerSecond();
  const zone = useZone();
  const region = useLive(({ registry }) => zoneOf(registry));
  const here = useMemo(() => zoneClock(zone, 'en', false), [zone]);
  const there = useMemo(() => zoneClock(region, 'en', false), [region]);
  // Zones of other names may tell the same time.
  if (here.offset(nowMs) === there.offset(nowMs)) return null;
  return <strong data-testid="zone">{own.zone(here.offset(nowMs))}</strong>;
}
