import { useCallback, useContext, useEffect, useState } from 'react';
import type { LiveSource } from '../live/live-source.ts';
import { LiveContext, useFreshness, useLive, useMonotonic } from '../live/use-live.ts';
import { useSettings } from '../ui/settings.ts';
import { ringOf, silentSoFar, type AlarmMemory } from './alarm.ts';
import type { SoundState } from './incident-page-texts.ts';
import { play } from './tones.ts';

/**
 * What was heard of a picture. The wall and the pages have a switch each: what was heard on one is not
 * new on the next, or a wall that turns its views would ring with every turn.
 */
const memories = new WeakMap<LiveSource, AlarmMemory>();

const LOOK_EVERY_MS = 500;

/**
 * The board's alarm: looks once a second, also while the page is in the background, and says in which
 * state it is. A picture that is old tells nothing about now and does not sound.
 */
export function useAlarm(): { readonly state: SoundState; readonly press: () => void } {
  const settings = useSettings();
  const { audio, state: allowed } = useAudio(!settings.isMuted);
  const incidents = useLive((state) => state.incidents);
  const { freshness } = useFreshness();
  const nowMs = useMonotonic(LOOK_EVERY_MS);
  const live = useContext(LiveContext);
  const isCurrent = freshness === 'live' || freshness === 'late';
  useEffect(() => {
    // While nothing can be heard nothing counts as heard: it sounds once the browser lets it.
    if (!live || !isCurrent || audio?.state !== 'running') return;
    const look = ringOf(memories.get(live) ?? silentSoFar, incidents.values(), nowMs);
    memories.set(live, look.memory);
    if (look.ring !== 'none') play(audio, look.ring);
  }, [live, incidents, nowMs, isCurrent, audio]);
  const state = settings.isMuted ? 'muted' : allowed;
  const press = useCallback(() => {
    if (state === 'blocked') void audio?.resume();
    else settings.change({ isMuted: !settings.isMuted });
  }, [state, audio, settings]);
  return { state, press };
}

/**
 * The browser keeps the page waiting while it opens its sound, a sixth of a second on a PC without a sound
 * card: the first picture comes before. A press asks for it at once.
 */
const OPEN_AFTER_MS = 6_000;

/** The browser's sound, open while it is wanted, and whether the browser lets it sound. */
function useAudio(isWanted: boolean): {
  readonly audio: AudioContext | undefined;
  readonly state: Exclude<SoundState, 'muted'>;
} {
  const [audio, setAudio] = useState<AudioContext>();
  // Until the browser says otherwise it lets us: a warning that flashes up at every start is noise.
  const [isRunning, setIsRunning] = useState(true);
  const isThere = typeof AudioContext === 'function';
  useEffect(() => {
    if (!isWanted || !isThere) return undefined;
    let opened: AudioContext | undefined;
    const follow = (): void => setIsRunning(opened?.state === 'running');
    const open = (): AudioContext => {
      clearTimeout(timer);
      if (opened) return opened;
      opened = new AudioContext();
      opened.addEventListener('statechange', follow);
      setAudio(opened);
      follow();
      return opened;
    };
    const timer = setTimeout(open, OPEN_AFTER_MS);
    const resume = ({ target }: Event): void => {
      // The switch asks by itself: allowed before its click, it would be turned off by it.
      const isSwitch = target instanceof Element && target.closest('.sound') !== null;
      const context = open();
      if (!isSwitch) void context.resume();
    };
    // Any press on the page is the permission that the browser waits for.
    document.addEventListener('pointerdown', resume);
    document.addEventListener('keydown', resume);
    return () => {
      clearTimeout(timer);
      opened?.removeEventListener('statechange', follow);
      document.removeEventListener('pointerdown', resume);
      document.removeEventListener('keydown', resume);
      setAudio(undefined);
      void opened?.close();
    };
  }, [isWanted, isThere]);
  return { audio, state: !isThere ? 'missing' : isRunning ? 'on' : 'blocked' };
}
