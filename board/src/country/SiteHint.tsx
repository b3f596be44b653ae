import type { CSSProperties } from 'react';
import { type Verdict } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { roomCounts } from './country-model.ts';
import type { PlacedBox } from './country-cursor.ts';
import type { CountryPainter } from './country-painter.ts';
import { useCountryWords } from './use-country-words.ts';

interface SiteHintProps {
  readonly painter: CountryPainter;
  readonly site: number;
  readonly at: PlacedBox;
  /** Readers are told of it: somebody came here by a key. */
  readonly isSaid: boolean;
}

const shown: readonly Verdict[] = ['fail', 'unknown', 'warn', 'silentByRule', 'notInvolved', 'ok'];

/** What the cursor stands on: which site it is, and how its rooms stand. */
export function SiteHint({ painter, site, at, isSaid }: SiteHintProps) {
  const { own, page, domain, number } = useCountryWords();
  const found = painter.model.sites[site];
  const code = found?.code ?? '';
  const registered = useLive((state) => state.registry.get(code));
  // Rooms are counted anew when somebody there stands otherwise.
  useLive((state) => state.sites.get(code));
  if (!found) return null;
  const verdict = painter.model.verdictOf(site);
  const counts = roomCounts(painter.model, site);
  const rooms = shown
    .filter((each) => counts[each] > 0)
    .map((each) => `${domain.verdicts[each]} ${number(counts[each])}`);
  const group = painter.model.groups[found.group]?.name ?? '';
  return (
    <div className="country-hint" style={placeOf(at)} {...(isSaid && { role: 'status' })}>
      <p className="country-hint-head">
        <Glyph verdict={verdict} />
        <strong>
          {page.siteKinds[registered?.kind ?? 'ppe']} {code}
        </strong>
        <span>{domain.verdicts[verdict]}</span>
      </p>
      <p className="country-hint-name" title={registered?.name}>
        {registered?.name}
      </p>
      <p className="quiet">{group || own.unnamed}</p>
      <p className="quiet">{rooms.join(' · ')}</p>
    </div>
  );
}

/** Beside the cursor, on the side where there is more room. */
function placeOf({ leftPx, topPx, widthPx }: PlacedBox): CSSProperties {
  return {
    left: `min(calc(100% - 36rem), ${leftPx + widthPx + 8}px)`,
    top: `min(calc(100% - 14rem), ${topPx}px)`,
  };
}
