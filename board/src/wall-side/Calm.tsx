import { useMemo } from 'react';
import { getJson } from '../api/client.ts';
import type { IncidentsAnswer } from '../incidents/shapes.ts';
import { useListClock } from '../incidents/use-incident-clock.ts';
import { useIncidentNames } from '../incidents/incident-names.ts';
import { useFreshness, useLive } from '../live/use-live.ts';
import { formatDuration } from '@ppe-pulse/protocol/texts';
import type { Incident, LiveState } from '@ppe-pulse/protocol';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useIsReplay } from '../replay/is-replay.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { calmOf, isSameCalm, type Checked, type Doubt } from './calm-facts.ts';
import { keeping } from './use-kept.ts';
import { useWallSideWords } from './use-wall-side-words.ts';
import type { Density } from '../display/density.ts';

/** No incident is open: a large word of calm, or why nobody may say so. */
export function Calm({ density }: { readonly density: Density }) {
  const { freshness } = useFreshness();
  const select = useMemo(
    () => keeping((state: LiveState) => calmOf(state, freshness), isSameCalm),
    [freshness],
  );
  const calm = useLive(select);
  switch (calm.kind) {
    case 'incidents':
      return null;
    case 'notCalm':
      return <NotCalm doubts={calm.doubts} />;
    case 'calm':
      return (
        <div className={`calm-panel calm-panel-${density}`} data-testid="calm">
          <svg className="calm-sign" viewBox="0 0 40 40" aria-hidden="true">
            <circle cx="20" cy="20" r="17.5" />
            <path d="M12 20.8l5.6 5.4L28.4 15" />
          </svg>
          <CalmFacts checked={calm.checked} />
        </div>
      );
  }
}

function CalmFacts({ checked }: { readonly checked: Checked }) {
  const { side, stages, count, number, page, language } = useWallSideWords();
  const { nowMs } = useListClock();
  const { sites, rooms, cameras, heard, silentByRule, owed, atMs } = checked;
  const age = formatDuration(Math.max(0, nowMs - atMs), language);
  return (
    <>
      <h3>{side.calm}</h3>
      <p>
        {side.checked(count(sites, side.sites), count(rooms, side.rooms))}
        {cameras.planned > 0 && `; ${side.camerasOn(number(cameras.on), number(cameras.planned))}`}
        {cameras.byRule > 0 && `, ${side.camerasByRule(number(cameras.byRule))}`}
      </p>
      <p>
        {side.rulesChecked(age)}; {side.heard(count(heard, page.workstations))}
        {silentByRule > 0 && `, ${side.silentByRule(count(silentByRule, page.workstations))}`}
      </p>
      {owed && (
        <p>
          {stages.stages[owed.stage]}: {count(owed.sites, side.owed)}
        </p>
      )}
      <LastClosed />
    </>
  );
}

/** The last problem that is over: seen by this page, else as the collector remembers. */
function LastClosed() {
  const isReplay = useIsReplay();
  const ended = useLive((state) => state.endedIncidents);
  const seen = ended.filter(({ resolution }) => resolution !== 'folded').at(-1);
  if (seen) return <Closed incident={seen} />;
  // What the collector remembers now was yet to come in the past.
  return isReplay ? null : <LastRemembered />;
}

function LastRemembered() {
  const path = '/api/v1/incidents?state=resolved&limit=1';
  const answer = useAnswer(getJson<IncidentsAnswer>, path, '');
  const last = answer?.kind === 'done' ? answer.value.items[0] : undefined;
  return last ? <Closed incident={last} /> : null;
}

function Closed({ incident }: { readonly incident: Incident }) {
  const { side } = useWallSideWords();
  const { time } = useListClock();
  const { title } = useIncidentNames(incident);
  return <p className="calm-last">{side.lastClosed(time(incident.resolvedAtMs ?? 0), title)}</p>;
}

function NotCalm({ doubts }: { readonly doubts: readonly Doubt[] }) {
  const { side, count, number, page } = useWallSideWords();
  return (
    <div className="not-calm" data-testid="not-calm">
      <Glyph verdict="unknown" />
      <h3>{side.noneOpen}</h3>
      <p>{side.notCalm}</p>
      <ul>
        {doubts.map(({ why, count: meant }) => (
          <li key={why}>
            {side.doubts[why](
              why === 'stages' || why === 'cameras'
                ? number(meant)
                : count(meant, page.workstations),
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
