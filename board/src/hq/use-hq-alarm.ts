import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useMonotonic } from '../live/use-live.ts';
import type { HqSoundState } from '../text/hq-incidents-texts.ts';
import { useSettings } from '../ui/settings.ts';
import type { Tones } from '../ui/tones.ts';
import { callsOf, ringOf, silentSoFar, type Call } from './hq-alarm.ts';
import { useHq } from './use-hq.ts';

/** The one maker of sounds of the Штаб page; made in `main.tsx`. */
export const TonesContext = createContext<Tones | null>(null);

/** The alarm as the page shows it. */
export interface HqAlarm {
  readonly sound: HqSoundState;
  /** Something calls, and nobody here said that it is heard. */
  readonly isCalling: boolean;
  /** Turns the sound on or off, or asks the browser to let it sound. */
  readonly press: () => void;
  /** What calls now is heard: it does not repeat. */
  readonly hush: () => void;
}

const nothing: ReadonlySet<string> = new Set();

/** Looks twice a second, also while the page is in the background. */
export function useHqAlarm(): HqAlarm {
  const tones = useContext(TonesContext);
  if (!tones) throw new Error('the page has no tones');
  const settings = useSettings();
  const { isMuted } = settings;
  const state = useHq();
  const nowMs = useMonotonic(500);
  const memory = useRef(silentSoFar);
  const [hushed, setHushed] = useState(nothing);
  const calls = useMemo(() => callsOf(state), [state]);
  const loud = useMemo(() => calls.filter(({ key }) => !hushed.has(key)), [calls, hushed]);
  useEffect(() => {
    const look = ringOf(memory.current, loud, nowMs);
    memory.current = look.memory;
    if (look.ring !== 'none' && !isMuted) tones.play(look.ring);
  }, [loud, nowMs, isMuted, tones]);
  useEffect(() => {
    // What is over and comes again is new.
    const kept = calls.filter(({ key }) => hushed.has(key));
    if (kept.length < hushed.size) setHushed(keysOf(kept));
  }, [calls, hushed]);
  useUnlocking(tones, isMuted);
  const isCalling = loud.some(({ isDrill }) => !isDrill);
  // Says at once how it sounds, and what it would have said before.
  const greet = (): void => tones.play(isCalling ? 'critical' : 'soft');
  return {
    sound: soundOf(tones, isMuted),
    isCalling,
    press: () => {
      if (tones.isBlocked() && !isMuted) {
        void tones.unlock().then(greet);
        return;
      }
      settings.change({ isMuted: !isMuted });
      if (isMuted) void tones.unlock().then(greet);
    },
    hush: () => setHushed(keysOf(calls)),
  };
}

/** Any press on the page is the permission that the browser waits for. */
function useUnlocking(tones: Tones, isMuted: boolean): void {
  useEffect(() => {
    if (isMuted) return undefined;
    const unlock = ({ target }: Event): void => {
      // The switch asks by itself: unlocked before its click, it would be turned off by it.
      const isSwitch = target instanceof Element && target.closest('.hq-sound') !== null;
      if (!isSwitch && tones.isBlocked()) void tones.unlock();
    };
    document.addEventListener('pointerdown', unlock);
    document.addEventListener('keydown', unlock);
    return () => {
      document.removeEventListener('pointerdown', unlock);
      document.removeEventListener('keydown', unlock);
    };
  }, [tones, isMuted]);
}

function soundOf(tones: Tones, isMuted: boolean): HqSoundState {
  if (!tones.isThere) return 'missing';
  if (isMuted) return 'muted';
  return tones.isBlocked() ? 'blocked' : 'on';
}

function keysOf(calls: readonly Call[]): ReadonlySet<string> {
  return new Set(calls.map(({ key }) => key));
}
