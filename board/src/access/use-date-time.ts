import { useMemo } from 'react';
import { useWords } from '../text/texts.ts';
import { useZone } from '../ui/use-zone.ts';

/** Writes an RFC 3339 moment as date and time of the region: `15.05.2024, 09:36`. */
export function useDateTime(): (at: string) => string {
  const { language } = useWords();
  const zone = useZone();
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(language === 'ru' ? 'ru' : 'en-GB', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    return (at) => format.format(Date.parse(at));
  }, [language, zone]);
}
