import { useMemo } from 'react';
import type { HqFrame, HqUplink, Verdict } from '@ppe-pulse/protocol';
import { Glyph } from '../ui/Glyph.tsx';
import { zoneClock, type ZoneClock } from '../ui/time.ts';
import { useHqWords, type HqWords } from './hq-words.ts';
import { SoundSwitch } from './SoundSwitch.tsx';
import { useHq, useHqNow, useHqZone } from './use-hq.ts';

/** Which ППЭ this is, how its line to the situation centre stands, and what time it is there. */
export function HqHeader() {
  const words = useHqWords();
  const { hq, language } = words;
  const { frame } = useHq();
  const { nowMs } = useHqNow();
  const zone = useHqZone();
  const clock = useMemo(() => zoneClock(zone, language, true), [zone, language]);
  const shortClock = useMemo(() => zoneClock(zone, language, false), [zone, language]);
  return (
    <header className="hq-header">
      <div>
        <h1>{titleOf(words, frame)}</h1>
        <p>
          {hq.subtitle} · {words.page.title}
        </p>
      </div>
      {frame && <Uplink uplink={frame.uplink} clock={shortClock} />}
      <div className="hq-clock">
        <time>{nowMs === null ? '–:–' : clock.time(nowMs)}</time>
        {nowMs !== null && <p>{clock.date(nowMs)}</p>}
        <SoundSwitch />
      </div>
    </header>
  );
}

function titleOf({ hq, page }: HqWords, frame: HqFrame | null): string {
  if (!frame) return page.title;
  return frame.site === null ? hq.noSite : hq.title(frame.site);
}

const verdicts: Readonly<Record<HqUplink['state'], Verdict>> = {
  live: 'ok',
  opening: 'unknown',
  waiting: 'warn',
  stopped: 'fail',
};

function Uplink({ uplink, clock }: { readonly uplink: HqUplink; readonly clock: ZoneClock }) {
  const words = useHqWords();
  const verdict = verdicts[uplink.state];
  return (
    <p className={`hq-uplink hq-uplink-${verdict}`} data-testid="uplink">
      <Glyph verdict={verdict} />
      <span>
        <strong>{uplinkState(words, uplink, clock)}</strong>
        {uplinkStore(words, uplink).map((text) => (
          <span key={text}>{text}</span>
        ))}
      </span>
    </p>
  );
}

function uplinkState({ hq }: HqWords, { state, sinceMs }: HqUplink, clock: ZoneClock): string {
  switch (state) {
    case 'live':
      return hq.uplink.live;
    case 'opening':
      return hq.uplink.opening;
    case 'waiting':
      return hq.uplink.cut(clock.time(sinceMs));
    case 'stopped':
      return hq.uplink.stopped(clock.time(sinceMs));
  }
}

/** A few heartbeats are always on their way: that is no news. */
const ON_THEIR_WAY = 200;

function uplinkStore({ hq, count }: HqWords, { state, spooled, dropped }: HqUplink): string[] {
  const records = count(spooled, hq.records);
  const lost = dropped > 0 ? [hq.uplink.lost(count(dropped, hq.records))] : [];
  if (state === 'live')
    return spooled > ON_THEIR_WAY ? [hq.uplink.sending(records), ...lost] : lost;
  return [hq.uplink.kept(records), ...(dropped > 0 ? lost : [hq.uplink.nothingLost])];
}
