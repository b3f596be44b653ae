import { useState } from 'react';
import type { HqFrame, HqIncident } from '@ppe-pulse/protocol';
import { incidentReach, incidentTexts, incidentTitle } from '@ppe-pulse/protocol/texts';
import { isSetAside, waitsForSomebody, worstIncidentsFirst } from '../incidents/order.ts';
import { ownText } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { coarseAge } from '../rooms/coarse-age.ts';
import { useHqWords, type HqWords } from './hq-words.ts';
import { isKnownNow } from './unheard.ts';
import { useHq, useHqNow } from './use-hq.ts';
import { useMoment, type MomentText } from './use-moment.ts';

/** Lines that leave room for what must be done here. */
const FIRST_LINES = 4;

/**
 * The incidents of the situation centre that cover this ППЭ, as its own board has them: what it knows
 * already needs no call. Says how old they are and when the line to it is down.
 */
export function HqIncidents() {
  const words = useHqWords();
  const { frame } = useHq();
  const { nowMs } = useHqNow();
  const moment = useMoment(words.language);
  const [isAll, setAll] = useState(false);
  if (!frame || nowMs === null) return null;
  const { incidents, uplink } = frame;
  const texts = words.hq.incidents;
  // A collector that never speaks of incidents is no news while it hears us.
  if (incidents.atMs === null && uplink.state === 'live') return null;
  const lines = worstIncidentsFirst(incidents.items) as HqIncident[];
  const first = lines.length <= FIRST_LINES + 1 ? lines.length : FIRST_LINES;
  const when: When = { nowMs, moment, isNow: isKnownNow(frame) };
  const untold = incidents.total - lines.length;
  return (
    <section
      className={`hq-incidents${uplink.state === 'live' ? '' : ' is-unseen'}`}
      aria-label={texts.heading}
      data-testid="hq-incidents"
    >
      <div className="hq-incidents-head">
        <h2>{texts.heading}</h2>
        <p>{standingText(words, frame, when)}</p>
      </div>
      <ol>
        {lines.slice(0, isAll ? lines.length : first).map((incident) => (
          <Line key={incident.id} incident={incident} when={when} />
        ))}
      </ol>
      {untold > 0 && <p className="quiet">{texts.untold(words.number(untold))}</p>}
      {lines.length > first && (
        <button type="button" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? words.hq.showLess : words.hq.showMore(lines.length - first)}
        </button>
      )}
    </section>
  );
}

/** When the list is read, and how its times are said. */
interface When {
  readonly nowMs: number;
  readonly moment: MomentText;
  /** False for what was so when the centre was last heard. */
  readonly isNow: boolean;
}

/** How far the list may be trusted, and what it says when it is empty. */
function standingText(
  words: HqWords,
  { incidents, uplink }: HqFrame,
  { nowMs, moment }: When,
): string {
  const texts = words.hq.incidents;
  const { atMs, isCurrent, total } = incidents;
  const age = coarseAge(nowMs - (atMs ?? nowMs), words.language, words.hq.underMinute);
  if (uplink.state === 'live') {
    if (!isCurrent) return total > 0 ? texts.awaitedSince(age) : texts.awaited;
    return total > 0 ? texts.current(moment(atMs ?? nowMs, nowMs)) : texts.none;
  }
  const known = total > 0 ? texts.unseenKnown(age) : texts.unseenNone;
  return `${texts.unseen(moment(uplink.sinceMs, nowMs))}; ${atMs === null ? texts.unseenNothing : known}`;
}

function Line({ incident, when }: { readonly incident: HqIncident; readonly when: When }) {
  const words = useHqWords();
  const { nowMs, moment } = when;
  const { hq, language } = words;
  const { severity, openedAtMs, id } = incident;
  const age = coarseAge(nowMs - openedAtMs, language, hq.underMinute);
  const title = incidentTitle(incident, language, {
    municipality: () => hq.incidents.ourMunicipality,
  });
  const reach = incidentReach(incident, language);
  return (
    <li
      className={`hq-incident hq-incident-${severity}${isSetAside(incident) ? ' is-aside' : ''}`}
      data-testid={`incident-${id}`}
    >
      <Glyph
        verdict={severity === 'critical' ? 'fail' : 'warn'}
        label={incidentTexts(language).severities[severity]}
      />
      <div className="hq-what">
        <strong>{title}</strong>
        {marksOf(words, incident, when).map((mark) => (
          <span key={mark} className="hq-mark">
            {mark}
          </span>
        ))}
        {reach !== '' && <small>{reach}</small>}
      </div>
      <p className={waitsForSomebody(incident) ? 'hq-untaken' : 'hq-taken'}>
        {careText(words, incident, when)}
      </p>
      <span className="hq-since">
        {hq.incidents.since(moment(openedAtMs, nowMs), age)}{' '}
        <span className="quiet hq-id">{id}</span>
      </span>
    </li>
  );
}

/** Who has it: a post and a time, never a name; for how long nobody has. */
function careText({ hq, language }: HqWords, incident: HqIncident, when: When): string {
  const { nowMs, moment, isNow } = when;
  const texts = hq.incidents;
  const { acknowledgedAtMs, assignee, openedAtMs } = incident;
  const age = coarseAge(nowMs - openedAtMs, language, hq.underMinute);
  const parts = [
    ...(acknowledgedAtMs === null ? [] : [texts.taken(moment(acknowledgedAtMs, nowMs))]),
    ...(waitsForSomebody(incident) ? [isNow ? texts.untaken(age) : texts.untakenThen] : []),
    ...(assignee === null
      ? []
      : [texts.assigned(ownText(incidentTexts(language).dutyRoles, assignee) ?? assignee)]),
  ];
  return parts.join(', ');
}

/** What must not be overlooked about an incident. */
function marksOf({ hq }: HqWords, incident: HqIncident, { nowMs, moment }: When): string[] {
  const { marks } = hq.incidents;
  const { isDrill, isSimulated, isUnstable, isUnheard, silencedUntilMs, snoozedUntilMs } = incident;
  return [
    ...(isDrill ? [marks.drill] : []),
    ...(isSimulated ? [marks.simulated] : []),
    ...(isUnstable ? [marks.unstable] : []),
    ...(isUnheard ? [marks.unheard] : []),
    ...(silencedUntilMs === null ? [] : [marks.silenced(moment(silencedUntilMs, nowMs))]),
    ...(snoozedUntilMs === null ? [] : [marks.snoozed(moment(snoozedUntilMs, nowMs))]),
  ];
}
