import type { Shown } from './shown.ts';
import type { Signals } from './signals.ts';
import type { SiteLayout } from './site-layout.ts';
import type { Measure } from './stage-catalogue.ts';
import type { StageSlot } from './stage-schedule.ts';

/** A workstation whose signals may come to remember more. */
export interface Rememberer {
  signals: Signals;
}

/** What one workstation shows by itself. */
export type OwnMeasure = Extract<Measure, 'em' | 'up' | 'sound'>;
const own: readonly OwnMeasure[] = ['em', 'up', 'sound'];

/** The key of what one workstation has shown itself: `0012/up`. */
export function ownKey(roomCode: string, measure: OwnMeasure): string {
  return `${roomCode}/${measure}`;
}

/** The key of a place's whole stage: `0012/written.printing.1`. Of more units it is another one. */
function placeKey(code: string, { track, stage }: StageSlot, total: number): string {
  return `${code}/${track}.${stage}.${total}`;
}

/** Keys of whole stages, which outlive the workstation that showed them. */
export function isOfPlace(key: string): boolean {
  return key.includes('.');
}

/**
 * Remembers what a workstation has shown by itself, as of `asOfMs` or the day's beginning: a stage
 * stays reached when the PC is switched off. True when there was something new.
 */
export function latchStation(
  { zone }: SiteLayout,
  station: Rememberer,
  nowMs: number,
  asOfMs: number,
): boolean {
  const before = station.signals;
  for (const measure of own) {
    const { signals } = station;
    const key = ownKey(signals.roomCode, measure);
    if (signals.reached[key] !== undefined || !isShown(signals, measure)) continue;
    if (measure !== 'em' && nowMs < zone.dayFromMs) continue;
    const atMs = measure === 'em' ? asOfMs : Math.max(asOfMs, zone.dayFromMs);
    station.signals = remembering(signals, key, atMs);
  }
  return station.signals !== before;
}

/** What a site remembers of stages that its devices showed as a whole. */
export class PlaceMemory {
  readonly #reached = new Map<string, number>();

  /** Takes over what a workstation remembers; true when there was something new. */
  learn({ reached }: Signals): boolean {
    let isNew = false;
    for (const key in reached) {
      const atMs = reached[key];
      if (atMs === undefined || !isOfPlace(key)) continue;
      const known = this.#reached.get(key);
      if (known !== undefined && atMs >= known) continue;
      this.#reached.set(key, atMs);
      isNew = true;
    }
    return isNew;
  }

  /**
   * What devices show, with what they showed before: a stage that was shown as a whole stays so. A
   * new one is remembered by `keeper`, to outlive a restart; it is answered then.
   */
  recall<T extends Rememberer>(
    place: { readonly code: string; readonly slot: StageSlot; readonly total: number },
    shown: Shown,
    keeper: T | undefined,
  ): { readonly shown: Shown; readonly kept: T | undefined } {
    const { code, slot, total } = place;
    const isWhole = shown.times.length >= total;
    if (this.#reached.size === 0 && !isWhole) return { shown, kept: undefined };
    const key = placeKey(code, slot, total);
    const known = this.#reached.get(key);
    if (known !== undefined) return { shown: wholeAt(shown, total, known), kept: undefined };
    const atMs = shown.times[total - 1];
    if (!isWhole || atMs === undefined || !keeper) return { shown, kept: undefined };
    this.#reached.set(key, atMs);
    keeper.signals = remembering(keeper.signals, key, atMs);
    return { shown, kept: keeper };
  }
}

/** Signals that remember another's stages of whole places too. */
export function inheriting(signals: Signals, from: Signals): Signals {
  const left = Object.entries(from.reached).filter(([key]) => isOfPlace(key));
  if (left.length === 0) return signals;
  return { ...signals, reached: { ...Object.fromEntries(left), ...signals.reached } };
}

function remembering(signals: Signals, key: string, atMs: number): Signals {
  return { ...signals, reached: { ...signals.reached, [key]: atMs } };
}

/** Times of a stage that was whole at `atMs`, whatever is still shown of it. */
function wholeAt(shown: Shown, total: number, atMs: number): Shown {
  const times = shown.times.slice(0, total).map((each) => Math.min(each, atMs));
  while (times.length < total) times.push(atMs);
  // The last unit made it whole, also where a counter has gone on since.
  times[total - 1] = atMs;
  return { times, contradicted: 0, missing: null };
}

function isShown(signals: Signals, measure: OwnMeasure): boolean {
  const { role, duty } = signals;
  if (measure === 'em') return role === 'hq' && (signals.emPercent ?? 0) >= 100;
  if (!signals.isHeard || duty !== 'main') return false;
  if (measure === 'sound') return role === 'speaking' && signals.isSoundOk === true;
  const isExam = role === 'organizer' || role === 'print' || role === 'kege' || role === 'speaking';
  return isExam && signals.isAppUp !== false;
}
