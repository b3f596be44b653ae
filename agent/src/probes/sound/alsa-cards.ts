import { join } from 'node:path';
import { readText } from '../../platform/files.ts';
import type { SoundDirection } from './sound-devices.ts';

/** Both directions of a PC. */
export interface SoundCards {
  readonly outputs: SoundDirection;
  readonly inputs: SoundDirection;
}

const ASOUND = '/proc/asound';
/** Streams of all cards that are looked at; one card with HDMI has 8. */
const MAX_STREAMS = 256;

/** Sound cards as the kernel lists them; undefined where there is no ALSA. Neither muted nor level. */
export function alsaSound(root = ASOUND): SoundCards | undefined {
  const cards = readText(join(root, 'cards'));
  if (cards === undefined) return undefined;
  return parseAlsaCards(cards, readText(join(root, 'pcm')) ?? '');
}

/**
 * Reads `/proc/asound/cards` and `/proc/asound/pcm`; undefined when the first is not ALSA's. A card
 * counts once in each direction, however many streams it has.
 */
export function parseAlsaCards(cards: string, pcm: string): SoundCards | undefined {
  const known = new Set(
    [...cards.matchAll(/^ {0,2}(\d{1,3}) \[[^\]\n]{1,64}\]: /gm)].map(([, card]) => Number(card)),
  );
  if (known.size === 0 && !cards.includes('no soundcards')) return undefined;
  const streams = pcm.split('\n').slice(0, MAX_STREAMS);
  const cardsThat = (ability: RegExp): SoundDirection => {
    const found = streams
      .filter((line) => ability.test(line))
      .map((line) => Number(/^(\d{1,3})-\d{1,3}: /.exec(line)?.[1]));
    return { count: new Set(found.filter((card) => known.has(card))).size, unplugged: 0 };
  };
  return { outputs: cardsThat(/ : playback \d/), inputs: cardsThat(/ : capture \d/) };
}
