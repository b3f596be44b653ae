import { Link } from 'wouter';
import { stageTexts } from '@ppe-pulse/protocol/texts';
import type { LiveStage } from '@ppe-pulse/protocol';
import { getJson } from '../api/client.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { reasonText } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import type { SiteRow } from './municipality-model.ts';
import { useMunicipalityWords } from './municipality-texts.ts';

/** `GET /api/v1/sites?municipality=`, as far as the table needs it beside what is live. */
interface SitesAnswer {
  readonly items: readonly { readonly code: string; readonly dutyPhone: string | null }[];
}

interface SiteTableProps {
  readonly slug: string;
  readonly rows: readonly SiteRow[];
}

/** The ППЭ of the municipality, worst first. */
export function SiteTable({ slug, rows }: SiteTableProps) {
  const { own } = useMunicipalityWords();
  const path = `/api/v1/sites?municipality=${encodeURIComponent(slug)}`;
  const answer = useAnswer(getJson<SitesAnswer>, path, rows.length);
  const items = answer?.kind === 'done' ? answer.value.items : [];
  const phones = new Map(items.map(({ code, dutyPhone }) => [code, dutyPhone]));
  return (
    <section className="panel" aria-label={own.sites}>
      <div className="scroll">
        <table data-testid="municipality-sites">
          <thead>
            <tr>
              <th scope="col">{own.site}</th>
              <th scope="col">{own.state}</th>
              <th scope="col">{own.readiness}</th>
              <th scope="col" title={own.roomsHint}>
                {own.rooms}
              </th>
              <th scope="col">{own.notHeard}</th>
              <th scope="col">{own.current}</th>
              <th scope="col">{own.incidents}</th>
              <th scope="col">{own.phone}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.site.code} row={row} phone={phones.get(row.site.code) ?? null} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ row, phone }: { readonly row: SiteRow; readonly phone: string | null }) {
  const words = useMunicipalityWords();
  const { own, page, domain, number } = words;
  const { site, verdict, reason, badRooms, rooms, current, incidents } = row;
  const { code, kind, name, isInvolved, met, conditions, notYetHeard, planned } = site;
  return (
    <tr className={`row-${verdict}`}>
      <th scope="row">
        <Link href={`/ppe/${code}`} className="municipality-site" title={name}>
          {page.siteKinds[kind]} {code} <span className="quiet">{name}</span>
        </Link>
      </th>
      <td>
        <Glyph verdict={verdict} label={domain.verdicts[verdict]} />{' '}
        {isInvolved ? reasonText(words, reason) : domain.verdicts.notInvolved}
      </td>
      <td className="number">
        {isInvolved && conditions > 0 ? own.ofCount(number(met), number(conditions)) : '—'}
      </td>
      <td className="number">{own.ofCount(number(badRooms), number(rooms))}</td>
      <td className="number">
        {isInvolved && notYetHeard > 0 ? own.ofCount(number(notYetHeard), number(planned)) : '—'}
      </td>
      <td>{isInvolved ? <Current stage={current} /> : '—'}</td>
      <td className="number">{incidents > 0 ? number(incidents) : '—'}</td>
      <td className="number">
        {phone === null ? '—' : <a href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`}>{phone}</a>}
      </td>
    </tr>
  );
}

function Current({ stage }: { readonly stage: LiveStage | undefined }) {
  const { own, language, number } = useMunicipalityWords();
  if (!stage) return own.nothingLeft;
  const { done, total, late, unknown } = stage;
  const parts = [
    `${stageTexts(language).stages[stage.stage]} ${number(done)}/${number(total)}`,
    ...(late > 0 ? [own.late(number(late))] : []),
    ...(unknown > 0 ? [own.unheard(number(unknown))] : []),
  ];
  return (
    <>
      {late > 0 && <Glyph verdict="warn" />} {parts.join(' · ')}
    </>
  );
}
