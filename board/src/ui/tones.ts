import { play } from '../incidents/tones.ts';

/** `critical` calls a person to the screen, `soft` only says that something is new. */
export type ToneKind = 'critical' | 'soft';

/** The sounds of a page, and whether anybody would hear them. */
export interface Tones {
  /** False where the browser knows no Web Audio. */
  readonly isThere: boolean;
  /** True while the browser lets nothing be heard: until a person touched the page, or for good. */
  isBlocked(): boolean;
  /** Call it from a click or a key: browsers allow sound only then. */
  unlock(): Promise<void>;
  /** Nothing while it is blocked: what piled up would sound at once later. */
  play(kind: ToneKind): void;
}

/** Tones over one audio context, which a page makes once. */
export function createTones(make: () => AudioContext | undefined = browserContext): Tones {
  const context = make();
  const isRunning = (): boolean => context?.state === 'running';
  return {
    isThere: context !== undefined,
    isBlocked: () => !isRunning(),
    unlock: async () => {
      try {
        await context?.resume();
      } catch {
        // The device is gone: it stays blocked, and the page says so.
      }
    },
    play: (kind) => {
      if (context && isRunning()) play(context, kind === 'critical' ? 'alarm' : 'drill');
    },
  };
}

function browserContext(): AudioContext | undefined {
  if (typeof AudioContext === 'undefined') return undefined;
  try {
    return new AudioContext();
  } catch {
    // Too many are open, or none is allowed here.
    return undefined;
  }
}
