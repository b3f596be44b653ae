import { lazy } from 'react';
import { Link } from 'wouter';
import { formatDuration, formatValue, nameOf } from '@ppe-pulse/protocol/texts';
import { metricOf, type LiveWorkstation } from '@ppe-pulse/protocol';
import { useFreshness, useLive } from '../live/use-live.ts';
import { reasonText, useWords } from '../text/texts.ts';
import { CarriedNote } from '../ui/CarriedNote.tsx';
import { carriedOf } from '../ui/carried.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { LiveFooter } from '../ui/LiveFooter.tsx';
import { Part } from '../ui/Part.tsx';
import { placeName } from '../ui/places.ts';

const SiteRehearsal = lazy(async () => ({
  default: (await import('../rehearsal/SiteRehearsal.tsx')).SiteRehearsal,
}));

const SiteIncidents = lazy(async () => ({
  default: (await import('../incidents/SiteIncidents.tsx')).SiteIncidents,
}));

const nobody: readonly LiveWorkstation[] = [];

/** One ППЭ: its workstations with their live numbers. */
export function PpePage({ code }: { readonly code: string }) {
  const words = useWords();
  const { page, domain, language } = words;
  const workstations = useLive((state) => state.sites.get(code)) ?? nobody;
  const columns = useLive((state) => state.columns);
  const serverTimeMs = useLive((state) => state.serverTimeMs);
  const { frameAgeMs } = useFreshness();
  const age = (seenMs: number | null): string =>
    seenMs === null
      ? page.never
      : page.ago(formatDuration(serverTimeMs + frameAgeMs - seenMs, language));
  return (
    <div className="page">
      <header className="page-head">
        <Link href="/" className="back">
          {page.back}
        </Link>
        <SiteTitle code={code} />
      </header>
      <main>
        <Known code={code} />
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{page.workstation}</th>
                <th scope="col">{page.state}</th>
                {columns.map((id) => (
                  <th key={id} scope="col">
                    {nameOf(domain.metrics, id)}
                  </th>
                ))}
                <th scope="col">{page.lastSeen}</th>
              </tr>
            </thead>
            <tbody>
              {workstations.map((each) => {
                const carried = carriedOf(each);
                return (
                  <tr key={each.id}>
                    <th scope="row">
                      <Link href={`/workstations/${each.id}`}>
                        {placeName(words, each.placement)}
                      </Link>
                    </th>
                    <td>
                      <Glyph verdict={each.verdict} /> {reasonText(words, each.reason)}
                    </td>
                    {columns.map((id, at) => (
                      <td key={id} className="number">
                        {valueText(each.values[at], id, language)}
                      </td>
                    ))}
                    <td className="number">
                      {age(each.lastSeenMs)}
                      {carried && <CarriedNote carried={carried} />}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </main>
      <LiveFooter />
    </div>
  );
}

function SiteTitle({ code }: { readonly code: string }) {
  const { page } = useWords();
  const kind = useLive((state) => state.registry.get(code)?.kind ?? 'ppe');
  return (
    <h1>
      {page.siteKinds[kind]} {code}
    </h1>
  );
}

/** Its open incidents, and what the plan asks of it; a site that nobody imported has no plan. */
function Known({ code }: { readonly code: string }) {
  const isRegistered = useLive((state) => state.registry.has(code));
  return (
    <Part>
      <SiteIncidents code={code} />
      {isRegistered && <SiteRehearsal code={code} />}
    </Part>
  );
}

function valueText(
  value: number | null | undefined,
  metricId: string,
  language: 'ru' | 'en',
): string {
  const unit = metricOf(metricId)?.unit;
  return value === null || value === undefined || unit === undefined
    ? '—'
    : formatValue(value, unit, language);
}
