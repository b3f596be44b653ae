import type { Ring } from './alarm.ts';

/** One tone: when it begins after now, how high, how loud. */
interface Tone {
  readonly afterSeconds: number;
  readonly hertz: number;
  readonly gain: number;
}

const TONE_SECONDS = 0.22;
/** A tone that begins or ends at once clicks. */
const EDGE_SECONDS = 0.02;

const tones: Readonly<Record<Exclude<Ring, 'none'>, readonly Tone[]>> = {
  alarm: [
    { afterSeconds: 0, hertz: 880, gain: 0.3 },
    { afterSeconds: 0.3, hertz: 660, gain: 0.3 },
  ],
  drill: [{ afterSeconds: 0, hertz: 440, gain: 0.08 }],
};

/** Plays a ring; nothing is loaded for it. */
export function play(context: AudioContext, ring: Exclude<Ring, 'none'>): void {
  for (const { afterSeconds, hertz, gain } of tones[ring]) {
    const startAt = context.currentTime + afterSeconds;
    const endAt = startAt + TONE_SECONDS;
    const oscillator = context.createOscillator();
    const volume = context.createGain();
    oscillator.frequency.value = hertz;
    volume.gain.setValueAtTime(0, startAt);
    volume.gain.linearRampToValueAtTime(gain, startAt + EDGE_SECONDS);
    volume.gain.setValueAtTime(gain, endAt - EDGE_SECONDS);
    volume.gain.linearRampToValueAtTime(0, endAt);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(startAt);
    oscillator.stop(endAt);
  }
}
