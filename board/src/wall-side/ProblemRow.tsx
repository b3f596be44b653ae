import { memo } from 'react';
import { Link } from 'wouter';
import type { Incident } from '@ppe-pulse/protocol';
import { incidentReach } from '@ppe-pulse/protocol/texts';
import { useIncidentNames } from '../incidents/incident-names.ts';
import { IncidentMarks } from '../incidents/IncidentMarks.tsx';
import { isSetAside } from '../incidents/order.ts';
import { Refusal } from '../incidents/Refusal.tsx';
import { useAction } from '../incidents/use-action.ts';
import { useListClock } from '../incidents/use-incident-clock.ts';
import { useLive } from '../live/use-live.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { ageText } from '../wall/age-text.ts';
import { incidentGlyph, incidentWhat } from './incident-parts.ts';
import { Owner } from './Owner.tsx';
import { stageInPlay } from './site-stage.ts';
import { useWallSideWords } from './use-wall-side-words.ts';

/** One incident, two lines. Renders when its incident or its site changes; ages renew themselves. */
export const ProblemRow = memo(function ProblemRow({ incident }: { readonly incident: Incident }) {
  const words = useWallSideWords();
  const { title, place } = useIncidentNames(incident);
  const { isBusy, failure, send } = useAction();
  const { id, severity, siteCode, resolvedAtMs } = incident;
  const glyph = incidentGlyph(incident);
  const what = incidentWhat(words, incident);
  const classes = [
    'problem',
    `problem-${severity}`,
    `problem-of-${glyph}`,
    ...(resolvedAtMs === null ? [] : ['is-ended']),
    ...(isSetAside(incident) ? ['is-aside'] : []),
  ];
  return (
    <li className={classes.join(' ')} data-testid={`incident-${id}`} data-incident={id}>
      <Glyph verdict={glyph} />
      <Age incident={incident} />
      <div className="problem-what">
        <Link href={`/incidents/${id}`} className="incident-title" title={title}>
          {siteCode === null ? (
            <span>
              {place}: {what}
            </span>
          ) : (
            <>
              <strong>
                <span className="unseen">{words.page.ppe} </span>
                {siteCode}
              </strong>
              <span>{what}</span>
            </>
          )}
          <span className="unseen">, {words.incident.severities[severity]}</span>
        </Link>
        <div className="problem-line">
          {failure ? <Refusal of={failure} /> : <Where incident={incident} />}
          <Owner
            incident={incident}
            title={title}
            isBusy={isBusy}
            onTake={() => void send({ path: `/api/v1/incidents/${id}/ack` })}
          />
        </div>
      </div>
    </li>
  );
});

/** Where its site is and what it should be doing now; how it ended when it is over. */
function Where({ incident }: { readonly incident: Incident }) {
  const { own, incident: texts, stages, language } = useWallSideWords();
  const { time } = useListClock();
  const { siteCode, siteCodes, resolvedAtMs, resolution } = incident;
  const site = useLive((state) => state.registry.get(siteCode ?? siteCodes[0] ?? ''));
  if (resolvedAtMs !== null)
    return (
      <p className="problem-where">
        {own.ended(time(resolvedAtMs), texts.resolutions[resolution ?? 'other'])}
      </p>
    );
  const stage = siteCode === null ? undefined : stageInPlay(site?.stages ?? []);
  const home = siteCode === null ? '' : (site?.municipality ?? '');
  const rest = [
    ...(stage ? [stages.stages[stage.stage]] : []),
    incidentReach(incident, language),
  ].filter((part) => part !== '');
  const [first, ...others] = home === '' ? rest : ['', ...rest];
  return (
    <p className="problem-where" title={[home, ...rest].filter((part) => part !== '').join(' · ')}>
      <IncidentMarks incident={incident} />
      <span className="problem-place">
        {/* A name that turns its direction leaves the rest alone. */}
        <bdi>{home}</bdi>
        {[first, ...others].join(' · ')}
      </span>
    </p>
  );
}

/** How long it lasts, as the day that is shown counts it. */
export function Age({ incident }: { readonly incident: Incident }) {
  const words = useWallSideWords();
  const { nowMs, spanMs, time } = useListClock();
  const { openedAtMs, resolvedAtMs } = incident;
  if (resolvedAtMs !== null) return <span className="problem-age" />;
  const ageMs = spanMs(Math.max(0, nowMs - openedAtMs));
  return (
    <time className="problem-age" title={words.own.sinceTime(time(openedAtMs))}>
      {ageText(words, ageMs)}
    </time>
  );
}
