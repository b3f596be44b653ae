import { Link } from 'wouter';
import type { Incident, Verdict } from '@ppe-pulse/protocol';
import { incidentTitle, nameOf } from '@ppe-pulse/protocol/texts';
import { logText } from '../incidents/log-text.ts';
import { useListClock } from '../incidents/use-incident-clock.ts';
import { useIncidentWords } from '../incidents/use-incident-words.ts';
import { useDayClock } from '../rehearsal/use-day-clock.ts';
import { reasonText } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { roleName, roomName } from '../ui/places.ts';
import type { TimelineAnswer, TimelineEvent } from './timeline-answer.ts';
import { usePpeWords } from './use-ppe-words.ts';

/** Events in their order; one of a newer collector's sort is left out. */
export function TimelineList({ answer }: { readonly answer: TimelineAnswer }) {
  const time = useDayClock();
  const incidents = new Map(answer.incidents.map((incident) => [incident.id, incident]));
  return (
    <ol className="ppe-timeline">
      {answer.items.map((event) => (
        <li key={event.id} className={`ppe-event ppe-event-${event.kind}`}>
          <span className="number">{time(Date.parse(event.at))}</span>
          <EventText event={event} incident={incidents.get(event.entry?.incidentId ?? '')} />
        </li>
      ))}
    </ol>
  );
}

interface EventProps {
  readonly event: TimelineEvent;
  readonly incident: Incident | undefined;
}

function EventText({ event, incident }: EventProps) {
  const { flip, claim, stage, entry } = event;
  if (flip) return <FlipText flip={flip} />;
  if (claim) return <ClaimText claim={claim} />;
  if (stage) return <StageText stage={stage} />;
  if (entry) return <EntryText entry={entry} incident={incident} />;
  return <span>{event.kind}</span>;
}

function FlipText({ flip }: { readonly flip: NonNullable<TimelineEvent['flip']> }) {
  const words = usePpeWords();
  const { own, domain } = words;
  const { workstationId, roomCode, role, duty, checkId, to, reason } = flip;
  const isCalm = to === 'ok';
  return (
    <>
      <Glyph verdict={to} label={domain.verdicts[to]} />
      <span>
        <Link href={`/workstations/${workstationId}`}>
          {roomName(words, roomCode)}, {roleName(words, role)}
          {duty === 'reserve' && `, ${words.page.reserve}`}
        </Link>
        {': '}
        {own.flip(
          nameOf(domain.checks, checkId),
          domain.verdicts[flip.from],
          isCalm ? domain.verdicts.ok : reasonText(words, reason),
        )}
      </span>
    </>
  );
}

function ClaimText({ claim }: { readonly claim: NonNullable<TimelineEvent['claim']> }) {
  const words = usePpeWords();
  const { own, stages } = words;
  const { stage, track, roomCode, done, isMade, by, note } = claim;
  const name = `${stages.stages[stage]} · ${stages.tracks[track]}`;
  return (
    <>
      <Mark />
      <span>
        {isMade ? own.claimed(name) : own.claimTakenBack(name)}
        {roomCode !== null && ` · ${roomName(words, roomCode)}`}
        {done !== null && ` · ${done}`} {note} <span className="quiet">{by}</span>
      </span>
    </>
  );
}

function StageText({ stage }: { readonly stage: NonNullable<TimelineEvent['stage']> }) {
  const { own, stages } = usePpeWords();
  return (
    <>
      <Glyph verdict="ok" />
      <strong>
        {own.reached(`${stages.stages[stage.stage]} · ${stages.tracks[stage.track]}`)}
      </strong>
    </>
  );
}

/** What of an incident's history is bad news, and what is good. */
const tones: Readonly<Partial<Record<string, Verdict>>> = {
  opened: 'fail',
  raised: 'fail',
  escalated: 'fail',
  resolved: 'ok',
};

function EntryText({
  entry,
  incident,
}: {
  readonly entry: NonNullable<TimelineEvent['entry']>;
  readonly incident: Incident | undefined;
}) {
  const words = useIncidentWords();
  const { time } = useListClock();
  const tone = tones[entry.kind];
  const isWarning = tone === 'fail' && incident?.severity === 'warning';
  return (
    <>
      {tone ? <Glyph verdict={isWarning ? 'warn' : tone} /> : <Mark />}
      <span>
        <strong>{logText(words, entry, time)}</strong>{' '}
        <Link href={`/incidents/${entry.incidentId}`}>
          {incident ? incidentTitle(incident, words.language) : entry.incidentId}
        </Link>{' '}
        {entry.note !== '' && <q>{entry.note}</q>}{' '}
        {entry.by !== 'collector' && <span className="quiet">{entry.by}</span>}
      </span>
    </>
  );
}

/** A person's word or deed: no verdict of a device. */
function Mark() {
  return <span className="ppe-mark" aria-hidden="true" />;
}
