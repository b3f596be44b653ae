import type { Incident } from '@ppe-pulse/protocol';
import { urgencyOf, waitsForSomebody } from '../incidents/order.ts';
import { useListClock } from '../incidents/use-incident-clock.ts';
import { useMayActOn } from '../session/use-session.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { spanText } from '../incidents/span-text.ts';
import { useWallSideWords } from './use-wall-side-words.ts';

const MINUTE_MS = 60_000;

interface OwnerProps {
  readonly incident: Incident;
  readonly title: string;
  readonly isBusy: boolean;
  readonly onTake: () => void;
}

/** Who has it; framed while nobody does, with the button that takes it. */
export function Owner({ incident, title, isBusy, onTake }: OwnerProps) {
  const { own } = useWallSideWords();
  const mayActOn = useMayActOn();
  const { resolvedAtMs, acknowledgedAtMs } = incident;
  if (resolvedAtMs !== null) return <div className="problem-owner" />;
  return (
    <div className="problem-owner">
      <Holder incident={incident} />
      {acknowledgedAtMs === null && mayActOn(incident) && (
        <button
          type="button"
          className="take"
          disabled={isBusy}
          aria-label={own.takeOf(title)}
          onClick={onTake}
        >
          {isBusy ? own.taking : own.take}
        </button>
      )}
    </div>
  );
}

function Holder({ incident }: { readonly incident: Incident }) {
  const { own, incident: texts } = useWallSideWords();
  const { acknowledgedAtMs, acknowledgedBy, assignee } = incident;
  const role = assignee === null ? [] : [own.assignedTo(texts.dutyRoles[assignee])];
  if (acknowledgedAtMs !== null) {
    const who = [own.takenBy(acknowledgedBy ?? own.collector), ...role].join(' · ');
    return (
      <span className="problem-holder" title={who}>
        {who}
      </span>
    );
  }
  if (waitsForSomebody(incident) && incident.severity === 'critical')
    return <Untaken incident={incident} />;
  if (assignee !== null)
    return (
      <span className="problem-holder" title={role[0]}>
        {role}
      </span>
    );
  return <Framed isWaiting={waitsForSomebody(incident)} />;
}

function Framed({ isWaiting }: { readonly isWaiting: boolean }) {
  const { side } = useWallSideWords();
  return <span className={isWaiting ? 'no-owner' : 'problem-holder'}>{side.noOwner}</span>;
}

/** «никто не взял 4 мин»: louder after 2 and after 5 minutes. */
export function Untaken({ incident }: { readonly incident: Incident }) {
  const words = useWallSideWords();
  const { nowMs, spanMs } = useListClock();
  const untakenMs = spanMs(Math.max(0, nowMs - incident.openedAtMs));
  const urgency = urgencyOf(untakenMs);
  return (
    <span className={`no-owner untaken-${urgency}`} data-testid={`untaken-${incident.id}`}>
      {urgency === 2 && <Glyph verdict="fail" />}
      {untakenMs < MINUTE_MS
        ? words.side.nobodyTook
        : words.side.untakenFor(spanText(words, untakenMs))}
    </span>
  );
}
