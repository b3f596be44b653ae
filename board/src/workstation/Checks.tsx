import { mainMetricOf, metricOf } from '@ppe-pulse/protocol';
import { formatDuration, formatValue, nameOf, type Language } from '@ppe-pulse/protocol/texts';
import type { CheckAnswer, WorkstationAnswer } from '../api/shapes.ts';
import { useFreshness, useLive } from '../live/use-live.ts';
import { reasonText, useWords, type Words } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';

/** Every check with its verdict, what it rests on and how old that is. */
export function Checks({ workstation }: { readonly workstation: WorkstationAnswer }) {
  const words = useWords();
  const { page, domain } = words;
  const serverTimeMs = useLive((state) => state.serverTimeMs);
  const { frameAgeMs } = useFreshness();
  return (
    <section className="panel" aria-label={page.checks}>
      <h2>{page.checks}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{page.check}</th>
            <th scope="col">{page.state}</th>
            <th scope="col">{page.value}</th>
            <th scope="col">{page.basis}</th>
            <th scope="col">{page.measured}</th>
          </tr>
        </thead>
        <tbody>
          {workstation.checks.map((check) => (
            <tr key={check.id} className={`row-${check.verdict}`}>
              <th scope="row">{nameOf(domain.checks, check.id)}</th>
              <td className="number">
                <Glyph verdict={check.verdict} /> {reasonText(words, check.reason)}
              </td>
              <td className="number">{valueOf(check, words.language)}</td>
              <td className="quiet">{evidenceOf(check, words)}</td>
              <td className="number quiet">{ageOf(check, serverTimeMs + frameAgeMs, words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function unitOf(check: CheckAnswer) {
  return metricOf(mainMetricOf(check.id) ?? '')?.unit;
}

function valueOf(check: CheckAnswer, language: Language): string {
  const unit = unitOf(check);
  return check.value === undefined || unit === undefined
    ? '—'
    : formatValue(check.value, unit, language);
}

/** Limits in the check's own unit; the value itself stands in its own column. */
function evidenceOf(check: CheckAnswer, words: Words): string {
  const unit = unitOf(check);
  return Object.entries(check.evidence)
    .filter(([key]) => key !== 'value')
    .map(([key, value]) => {
      const name = words.page.evidence[key] ?? key;
      if (typeof value !== 'number') return `${name} ${String(value)}`;
      const own = key.endsWith('Ms') ? 'ms' : key.endsWith('Bytes') ? 'bytes' : unit;
      return `${name} ${own === undefined ? value : formatValue(value, own, words.language)}`;
    })
    .join(' · ');
}

function ageOf(check: CheckAnswer, nowMs: number, words: Words): string {
  if (check.measuredAt === null) return words.page.never;
  return words.page.ago(
    formatDuration(Math.max(0, nowMs - Date.parse(check.measuredAt)), words.language),
  );
}
