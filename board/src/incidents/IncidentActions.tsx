import { useState } from 'react';
import { dutyRoles, type Incident } from '@ppe-pulse/protocol';
import { useMay } from '../session/use-session.ts';
import type { Act } from './act.ts';
import { CallForm } from './CallForm.tsx';
import { CommentForm } from './CommentForm.tsx';
import { Refusal } from './Refusal.tsx';
import { ResolveForm } from './ResolveForm.tsx';
import { SilenceForm } from './SilenceForm.tsx';
import { useAction } from './use-action.ts';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

const SNOOZE_MINUTES = [15, 30, 60] as const;
const MINUTE_MS = 60_000;

/**
 * What people do with an incident. One request at a time; nothing is disabled meanwhile: whoever works
 * by keyboard would lose the place.
 */
export function IncidentActions({
  incident,
  onActed,
}: {
  readonly incident: Incident;
  readonly onActed: () => void;
}) {
  const { own } = useIncidentWords();
  const { isBusy, failure, send } = useAction();
  const maySilence = useMay('silence');
  const isOpen = incident.resolvedAtMs === null;
  const act: Act = async (action, body) => {
    const path = `/api/v1/incidents/${incident.id}/${action}`;
    const done = await send({ path, ...(body && { body }) });
    if (done !== undefined) onActed();
    return done !== undefined;
  };
  return (
    <section className="panel incident-actions" aria-label={own.actions}>
      <h2>{own.actions}</h2>
      <fieldset aria-busy={isBusy} className="stack">
        {isOpen && <Holding incident={incident} act={act} />}
        <CommentForm act={act} />
        <CallForm incident={incident} act={act} />
        {isOpen && <SettingAside incident={incident} act={act} />}
        {isOpen && <ResolveForm act={act} />}
      </fieldset>
      <Refusal of={failure} />
      {isOpen && maySilence && <SilenceForm incident={incident} />}
    </section>
  );
}

function Holding({ incident, act }: { readonly incident: Incident; readonly act: Act }) {
  const { own, incident: texts } = useIncidentWords();
  const { acknowledgedAtMs, acknowledgedBy, assignee } = incident;
  return (
    <div className="fields">
      {acknowledgedAtMs === null ? (
        <button type="button" className="main" onClick={() => void act('ack')}>
          {own.take}
        </button>
      ) : (
        <span>{own.takenBy(acknowledgedBy ?? own.collector)}</span>
      )}
      <label>
        {own.assign}
        <select
          value={assignee ?? ''}
          onChange={({ target }) =>
            void act('assign', { assignee: target.value === '' ? null : target.value })
          }
        >
          <option value="">{own.nobody}</option>
          {dutyRoles.map((role) => (
            <option key={role} value={role}>
              {texts.dutyRoles[role]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Snooze for a while of the day that is shown, and the mark of a drill. */
function SettingAside({ incident, act }: { readonly incident: Incident; readonly act: Act }) {
  const { own } = useIncidentWords();
  const { nowMs, wallSpanMs } = useListClock();
  const [isAsked, setIsAsked] = useState(false);
  const { isDrill, snoozedUntilMs } = incident;
  const snooze = (minutes: number): void => {
    const untilMs = nowMs + wallSpanMs(minutes * MINUTE_MS);
    void act('snooze', { until: new Date(untilMs).toISOString() });
    setIsAsked(false);
  };
  return (
    <div className="fields">
      {snoozedUntilMs !== null ? (
        <button type="button" onClick={() => void act('snooze', { until: null })}>
          {own.wake}
        </button>
      ) : (
        <button type="button" aria-expanded={isAsked} onClick={() => setIsAsked(!isAsked)}>
          {own.snooze}
        </button>
      )}
      {isAsked &&
        SNOOZE_MINUTES.map((minutes) => (
          <button key={minutes} type="button" onClick={() => snooze(minutes)}>
            {own.snoozeFor(minutes)}
          </button>
        ))}
      <button type="button" onClick={() => void act('drill', { isDrill: !isDrill })}>
        {isDrill ? own.unmarkDrill : own.markDrill}
      </button>
    </div>
  );
}
