import { useLive } from '../live/use-live.ts';
import { MunicipalityNames } from './MunicipalityNames.tsx';
import { SilenceList } from './SilenceList.tsx';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** Silence is never silent: how much is silenced and until when, with the list one press away. */
export function SilenceBadge() {
  const { own, number } = useIncidentWords();
  const { nowMs, time } = useListClock();
  const silences = useLive((state) => state.silences);
  const silenced = useLive((state) => state.overview?.incidents.silenced ?? 0);
  if (silences.length === 0) return null;
  const holding = silences.filter(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
  const lastMs = Math.max(...holding.map(({ toMs }) => toMs));
  return (
    <details className="silence-badge" data-testid="silence-badge">
      <summary>
        {silenced > 0 && holding.length > 0
          ? own.silencedBadge(number(silenced), time(lastMs))
          : own.silencesToCome(number(silences.length))}
      </summary>
      <div className="panel">
        <MunicipalityNames>
          <SilenceList />
        </MunicipalityNames>
      </div>
    </details>
  );
}
