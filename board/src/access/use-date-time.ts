import { useMemo } from 'react';
import { useLive } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { regionZone } from '../ui/time.ts';

/** Writes an RFC 3339 moment as date and time of the region: `15.05.2024, 09:36`. */
export function useDateTime(): (at: string) => string {
  const { language } = useWords();
  const registry = useLive((state) => state.registry);
  const zone = useMemo(() => regionZone(registry.values()), [registry]);
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(language === 'ru' ? 'ru' : 'en-GB', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    return (at) => format.format(Date.parse(at));
  }, [language, zone]);
}
