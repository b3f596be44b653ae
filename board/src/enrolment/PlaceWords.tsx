import { Link } from 'wouter';
import type { Verdict } from '@ppe-pulse/protocol';
import { useLive, useServerSecond } from '../live/use-live.ts';
import { roughlyAgo } from '../text/ages.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { placeName } from '../ui/places.ts';
import type { EnrolmentAnswer, EnrolmentState } from './enrolment-shapes.ts';
import { useEnrolmentWords } from './use-enrolment-words.ts';

const verdicts: Readonly<Record<EnrolmentState, Verdict>> = {
  replaceAsked: 'warn',
  pending: 'warn',
  unused: 'notInvolved',
  active: 'ok',
  expired: 'notInvolved',
  revoked: 'notInvolved',
};

/** The sign of a state; it stands beside its word. */
export function StateGlyph({ state }: { readonly state: EnrolmentState }) {
  return <Glyph verdict={verdicts[state]} />;
}

/** `ауд. 0012, станция печати, резерв`; with its number where the room has several. */
export function usePlaceName(of: EnrolmentAnswer): string {
  const words = useEnrolmentWords();
  const place = placeName(words, { ...of, simulated: false });
  return of.number > 1 ? `${place} · ${words.own.number(words.number(of.number))}` : place;
}

/** A workstation by its id, and when it was heard. */
export function Heard({ id }: { readonly id: string }) {
  const words = useEnrolmentWords();
  const row = useLive((state) => state.workstations.find((each) => each?.id === id));
  const nowMs = useServerSecond();
  const { own } = words;
  const heard =
    row?.lastSeenMs === undefined || row.lastSeenMs === null
      ? own.neverHeard
      : own.heard(roughlyAgo(words, Math.max(0, nowMs - row.lastSeenMs)));
  return (
    <>
      {row ? <Link href={`/workstations/${id}`}>{id}</Link> : id}{' '}
      <span className="quiet">{heard}</span>
    </>
  );
}
