import { speeds, type Speed } from './replay-client.ts';

/** What the address of a replay names. */
export interface ReplayAddress {
  /** Undefined for none or for what is no time. */
  readonly atMs: number | undefined;
  readonly speed: Speed;
  readonly isPlaying: boolean;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Reads `?at=2024-05-15T09:42:19%2B07:00&speed=10&play=1`; a space is a plus that was not escaped. */
export function readAddress(search: URLSearchParams): ReplayAddress {
  const at = (search.get('at') ?? '').replace(' ', '+');
  const atMs = TIME.test(at) ? Date.parse(at) : Number.NaN;
  const speed = speeds.find((each) => String(each) === search.get('speed'));
  return {
    atMs: Number.isFinite(atMs) ? atMs : undefined,
    speed: speed ?? 1,
    isPlaying: search.get('play') === '1',
  };
}

/** The search part that shows the same again; other parts of it stay. */
export function writeAddress(
  search: URLSearchParams,
  { atMs, speed, isPlaying }: { atMs: number; speed: Speed; isPlaying: boolean },
  timeZone: string,
): string {
  const next = new URLSearchParams(search);
  next.set('at', zonedTime(atMs, timeZone));
  next.set('speed', String(speed));
  if (isPlaying) next.set('play', '1');
  else next.delete('play');
  // A colon is allowed there and easier to read.
  return next.toString().replaceAll('%3A', ':');
}

/** `2024-05-15T09:42:19+07:00`; with milliseconds where there are any. */
export function zonedTime(ms: number, timeZone: string): string {
  const offsetMinutes = offsetOf(ms, timeZone);
  const local = new Date(ms + offsetMinutes * 60_000).toISOString();
  const sign = offsetMinutes < 0 ? '-' : '+';
  const [hours, minutes] = [
    Math.floor(Math.abs(offsetMinutes) / 60),
    Math.abs(offsetMinutes) % 60,
  ].map((part) => String(part).padStart(2, '0'));
  return `${local.slice(0, -1).replace('.000', '')}${sign}${hours}:${minutes}`;
}

/** Minutes before UTC, by the zone's own rules at that moment. */
function offsetOf(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(ms)
    .find(({ type }) => type === 'timeZoneName');
  const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(parts?.value ?? '') ?? [];
  const total = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -total : total;
}
