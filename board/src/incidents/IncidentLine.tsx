import { memo } from 'react';
import { Link } from 'wouter';
import type { Incident } from '@ppe-pulse/protocol';
import { incidentReach } from '@ppe-pulse/protocol/texts';
import { useMayActOn } from '../session/use-session.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { useIncidentNames } from './incident-names.ts';
import { IncidentMarks } from './IncidentMarks.tsx';
import { isSetAside, urgencyOf, waitsForSomebody } from './order.ts';
import { Refusal } from './Refusal.tsx';
import { spanText } from './span-text.ts';
import { useAction } from './use-action.ts';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** One cause, one line. Renders when its incident changes; what tells the time renews itself. */
export const IncidentLine = memo(function IncidentLine({
  incident,
  isSelected = false,
}: {
  readonly incident: Incident;
  readonly isSelected?: boolean;
}) {
  const { incident: texts, language } = useIncidentWords();
  const { title } = useIncidentNames(incident);
  const { id, severity, resolvedAtMs } = incident;
  const reach = incidentReach(incident, language);
  const classes = [
    'incident',
    `incident-${severity}`,
    ...(resolvedAtMs === null ? [] : ['is-ended']),
    ...(isSetAside(incident) ? ['is-aside'] : []),
    ...(isSelected ? ['is-selected'] : []),
  ];
  return (
    <li className={classes.join(' ')} data-testid={`incident-${id}`} data-incident={id}>
      <Glyph verdict={severity === 'critical' ? 'fail' : 'warn'} />
      <div className="incident-what">
        <Link
          href={`/incidents/${id}`}
          className="incident-title"
          aria-current={isSelected ? 'true' : undefined}
        >
          {title}
        </Link>
        <p className="incident-facts">
          <span className="incident-severity">{texts.severities[severity]}</span>
          <UntakenTimer incident={incident} />
          {reach !== '' && <span>{reach}</span>}
          <Lasting incident={incident} />
          <IncidentMarks incident={incident} />
        </p>
      </div>
      <Holder incident={incident} title={title} />
    </li>
  );
});

/** «с 09:31, 4 мин», «с 09:31» beside a timer, or how it ended. */
export function Lasting({ incident }: { readonly incident: Incident }) {
  const words = useIncidentWords();
  const { own, incident: texts } = words;
  const { time, nowMs, spanMs } = useListClock();
  const { openedAtMs, resolvedAtMs, resolution } = incident;
  if (resolvedAtMs !== null)
    return <span>{own.ended(time(resolvedAtMs), texts.resolutions[resolution ?? 'other'])}</span>;
  // The timer of one that nobody took says the age already.
  if (waitsForSomebody(incident)) return <span>{own.sinceTime(time(openedAtMs))}</span>;
  const age = spanText(words, spanMs(Math.max(0, nowMs - openedAtMs)));
  return <span className="incident-age">{own.since(time(openedAtMs), age)}</span>;
}

/** Who has it, or the button that takes it. */
function Holder({ incident, title }: { readonly incident: Incident; readonly title: string }) {
  const { own, incident: texts } = useIncidentWords();
  const { isBusy, failure, send } = useAction();
  const mayActOn = useMayActOn();
  const { id, resolvedAtMs, acknowledgedBy, acknowledgedAtMs, assignee } = incident;
  if (resolvedAtMs !== null) return null;
  return (
    <div className="incident-who">
      {assignee !== null && <span>{own.assignedTo(texts.dutyRoles[assignee])}</span>}
      {acknowledgedAtMs !== null ? (
        <span>{own.takenBy(acknowledgedBy ?? own.collector)}</span>
      ) : !mayActOn(incident) ? null : (
        <button
          type="button"
          disabled={isBusy}
          aria-label={own.takeOf(title)}
          onClick={() => void send({ path: `/api/v1/incidents/${id}/ack` })}
        >
          {isBusy ? own.taking : own.take}
        </button>
      )}
      <Refusal of={failure} />
    </div>
  );
}

/** «никто не взял 4 мин»: louder after 2 and after 5 minutes of a critical one. */
export function UntakenTimer({ incident }: { readonly incident: Incident }) {
  const words = useIncidentWords();
  const { nowMs, spanMs } = useListClock();
  if (!waitsForSomebody(incident)) return null;
  const untakenMs = spanMs(Math.max(0, nowMs - incident.openedAtMs));
  const urgency = incident.severity === 'critical' ? urgencyOf(untakenMs) : 0;
  return (
    <span className={`untaken untaken-${urgency}`} data-testid={`untaken-${incident.id}`}>
      {urgency > 0 && <Glyph verdict={urgency === 1 ? 'warn' : 'fail'} />}
      {words.own.untakenFor(spanText(words, untakenMs))}
    </span>
  );
}
