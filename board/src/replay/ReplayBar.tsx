import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { ReplaySlider } from './ReplaySlider.tsx';
import { writeAddress } from './replay-address.ts';
import { speeds, type ReplayClient } from './replay-client.ts';
import type { Reel } from './timeline.ts';
import { useStatus } from './use-film.ts';
import type { FilmClock } from './use-film-clock.ts';
import { act, type FilmAction } from './use-film-keys.ts';
import type { MarkView } from './use-marks.ts';
import { useReplayWords } from './use-replay-words.ts';

/** The film as the controls see it. */
export interface FilmView {
  readonly reels: readonly Reel[];
  readonly reel: Reel;
  readonly marks: readonly MarkView[];
  readonly clock: FilmClock;
}

interface BarProps {
  readonly client: ReplayClient;
  readonly film: FilmView;
  readonly children: ReactNode;
}

/** Says above everything that this is the past, and which; plays it. */
export function ReplayBar({ client, film, children }: BarProps) {
  const { own } = useReplayWords();
  const [path] = useLocation();
  return (
    <section className="replay-bar" aria-label={own.replay}>
      <div className="replay-line">
        <ReplayTime client={client} clock={film.clock} />
        <Controls client={client} film={film} />
        <span className="spring" />
        <Days client={client} film={film} />
        <CopyLink client={client} timeZone={film.clock.timeZone} />
        {children}
        <Link href={`~${path}`} className="replay-out">
          {own.toLive}
        </Link>
      </div>
      <ReplaySlider client={client} reel={film.reel} marks={film.marks} clock={film.clock} />
    </section>
  );
}

function ReplayTime({
  client,
  clock,
}: {
  readonly client: ReplayClient;
  readonly clock: FilmClock;
}) {
  const { own } = useReplayWords();
  // As texts: nothing is rendered before another second is to be read.
  const time = useStatus(client, ({ atMs }) => clock.time(atMs));
  const date = useStatus(client, ({ atMs }) => clock.date(atMs));
  const isEnd = useStatus(client, ({ phase }) => phase === 'end');
  return (
    <p className="replay-time" data-testid="replay-time">
      <strong className="replay-word">{own.replay}</strong>
      <time>{time}</time>
      <span className="replay-date">{date}</span>
      {isEnd && (
        <span className="replay-end" role="status">
          {own.end}
        </span>
      )}
    </p>
  );
}

const STEPS = [
  ['back60', -60_000],
  ['back10', -10_000],
] as const;
const STEPS_ON = [
  ['forward10', 10_000],
  ['forward60', 60_000],
] as const;

function Controls({ client, film }: { readonly client: ReplayClient; readonly film: FilmView }) {
  const { own } = useReplayWords();
  const isPlaying = useStatus(client, (status) => status.isPlaying);
  const speed = useStatus(client, (status) => status.speed);
  const doIt = (action: FilmAction) => () => act(client, action, film);
  const steps = (all: typeof STEPS | typeof STEPS_ON) =>
    all.map(([name, ms]) => (
      <button key={name} type="button" onClick={doIt({ kind: 'step', ms })}>
        {own[name]}
      </button>
    ));
  return (
    <div className="replay-controls" role="group" aria-label={own.controls} title={own.keys}>
      <button type="button" title={own.lastMark} onClick={doIt({ kind: 'mark', isNext: false })}>
        <Icon path="M15 4v12L6 10zM4 4h2v12H4z" label={own.lastMark} />
      </button>
      {steps(STEPS)}
      <button
        type="button"
        className="main"
        data-testid="replay-play"
        onClick={doIt({ kind: 'toggle' })}
      >
        <Icon path={isPlaying ? 'M5 4h4v12H5zM11 4h4v12h-4z' : 'M5 3l12 7-12 7z'} />
        {isPlaying ? own.pause : own.play}
      </button>
      {steps(STEPS_ON)}
      <button type="button" title={own.nextMark} onClick={doIt({ kind: 'mark', isNext: true })}>
        <Icon path="M5 4v12l9-6zM14 4h2v12h-2z" label={own.nextMark} />
      </button>
      <span className="replay-speeds" role="group" aria-label={own.speed}>
        {speeds.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === speed}
            onClick={() => client.setSpeed(each)}
          >
            {own.times(String(each))}
          </button>
        ))}
      </span>
    </div>
  );
}

function Icon({ path, label }: { readonly path: string; readonly label?: string }) {
  const spoken =
    label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg className="replay-icon" viewBox="0 0 20 20" {...spoken}>
      <path d={path} />
    </svg>
  );
}

/** Another day of the record. */
function Days({ client, film }: { readonly client: ReplayClient; readonly film: FilmView }) {
  const { own } = useReplayWords();
  const { reels, reel, clock } = film;
  if (reels.length < 2) return null;
  return (
    <select
      aria-label={own.day}
      value={reel.fromMs}
      onChange={({ target }) => void client.seek(Number(target.value))}
    >
      {reels.map(({ fromMs }) => (
        <option key={fromMs} value={fromMs}>
          {clock.date(fromMs)}, {clock.time(fromMs)}
          {clock.showing(fromMs)}
        </option>
      ))}
    </select>
  );
}

/** The address of this very moment; where the browser lets nobody copy, it is shown to be taken. */
function CopyLink({
  client,
  timeZone,
}: {
  readonly client: ReplayClient;
  readonly timeZone: string;
}) {
  const { own } = useReplayWords();
  const [state, setState] = useState<{ readonly link: string; readonly isCopied: boolean }>();
  const copy = async (): Promise<void> => {
    const { atMs, speed } = client.status;
    // Who opens it looks first, and plays then.
    const now = { atMs: Math.round(atMs), speed, isPlaying: false };
    const text = writeAddress(new URLSearchParams(location.search), now, timeZone);
    const link = `${location.origin}${location.pathname}?${text}`;
    try {
      await navigator.clipboard.writeText(link);
      setState({ link, isCopied: true });
    } catch {
      // Only a page of HTTPS or of this machine may copy.
      setState({ link, isCopied: false });
    }
  };
  return (
    <>
      <button type="button" data-testid="replay-link" onClick={() => void copy()}>
        {own.copyLink}
      </button>
      {state?.isCopied === true && <span role="status">{own.copied}</span>}
      {state?.isCopied === false && (
        <input
          className="replay-address"
          aria-label={own.linkHint}
          title={own.linkHint}
          readOnly
          value={state.link}
          onFocus={({ target }) => target.select()}
        />
      )}
    </>
  );
}
