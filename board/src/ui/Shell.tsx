import { useMemo, type ReactNode } from 'react';
import type { LiveState } from '@ppe-pulse/protocol';
import { formatDuration } from '@ppe-pulse/protocol/texts';
import { dayClockOf } from '../incidents/day-clock.ts';
import { useFreshness, useLine, useLive, useMoment } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { signInHref } from './sign-in-path.ts';
import { zoneClock } from './time.ts';
import { TrustFrame } from './TrustFrame.tsx';
import { useZone } from './use-zone.ts';

/**
 * The frame of every page: says above all else whether the picture may be trusted. Stale and lost
 * pictures are drained of colour, so that nobody takes them for now. A picture stays whatever happens to
 * the line or to the session.
 */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { page, language } = useWords();
  const { freshness, frameAgeMs } = useFreshness();
  const isRefused = useLine((line) => line.isRefused);
  const hasPicture = useLive((state) => state.seq >= 0);
  const asOf = useAsOf();
  if (isRefused && !hasPicture) {
    return (
      <main id="main" className="notice">
        <div role="alert">
          <h1>{page.signedOut}</h1>
          <p>{page.signedOutHint}</p>
        </div>
        <SignInLink />
      </main>
    );
  }
  const age = formatDuration(frameAgeMs, language);
  return (
    <TrustFrame
      freshness={isRefused ? 'lost' : freshness}
      title={isRefused ? page.signedOut : freshness === 'lost' ? page.lost : page.stale}
      details={
        isRefused
          ? page.refused(page.signedOutHint, asOf)
          : `${page.pictureAge(age)}, ${page.asOf(asOf)}`
      }
      {...(isRefused && { way: <SignInLink /> })}
      watermark={`${page.watermark}\n${page.asOf(asOf)} · ${age}`}
    >
      {children}
    </TrustFrame>
  );
}

/** A way, never a turn: a wall that lost its session in the middle of an exam goes on showing. */
function SignInLink() {
  const { page } = useWords();
  return (
    <a className="sign-in-link" href={signInHref(location)}>
      {page.signIn}
    </a>
  );
}

const MINUTE_MS = 60_000;

/** The minute of the day that is shown, so long after the picture. */
function dayMinute(
  { overview, serverTimeMs }: Pick<LiveState, 'overview' | 'serverTimeMs'>,
  ageMs: number,
): number {
  return Math.floor(dayClockOf(overview).dayMs(serverTimeMs + ageMs) / MINUTE_MS) * MINUTE_MS;
}

/** When the picture was made, by the clock that the wall shows: `09:40`, or `14.05 09:40`. */
function useAsOf(): string {
  const { language } = useWords();
  const zone = useZone();
  const clock = useMemo(() => zoneClock(zone, language, false), [zone, language]);
  const madeMs = useMoment(({ state }) => dayMinute(state, 0));
  const nowMs = useMoment(({ state, frameAgeMs }) => dayMinute(state, frameAgeMs));
  const isToday = clock.date(madeMs) === clock.date(nowMs);
  return isToday ? clock.time(madeMs) : `${clock.date(madeMs)}, ${clock.time(madeMs)}`;
}
