import type { Incident } from '../incidents/incident.ts';
import type { Language } from './domain-texts.ts';
import {
  filled,
  incidentReach,
  incidentTexts,
  incidentTitle,
  type PlaceNames,
} from './incident-texts.ts';

/** How a line is to be read. */
export interface LineView {
  readonly names?: PlaceNames;
  /** IANA zone of the times; without one the line has none. */
  readonly timeZone?: string;
  /** Moment of reading: times of its own day go without a date. */
  readonly nowMs?: number;
  /** What happened, instead of «открыт» or «закрыт». */
  readonly word?: string;
}

/**
 * One line for a phone or a messenger, what happened first:
 * «КРИТИЧНО · открыт · Провайдер «Связь-1»: нет сигнала · 14 ППЭ, 238 рабочих мест · с 09:20 (Кузбасс)».
 */
export function incidentLine(incident: Incident, language: Language, view: LineView = {}): string {
  const { severities, states } = incidentTexts(language);
  return [
    ...incidentMarks(incident, language),
    severities[incident.severity].toUpperCase(),
    view.word ?? states[incident.resolvedAtMs === null ? 'open' : 'resolved'],
    incidentTitle(incident, language, view.names),
    incidentReach(incident, language),
    view.timeZone === undefined
      ? ''
      : incidentTime(incident, language, { ...view, timeZone: view.timeZone }),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Words in front of everything of what has not really happened; empty for what has. */
export function incidentMarks(
  incident: Pick<Incident, 'isDrill' | 'isSimulated'>,
  language: Language,
): readonly string[] {
  const { marks } = incidentTexts(language);
  return [
    ...(incident.isDrill ? [marks.drill] : []),
    ...(incident.isSimulated ? [marks.simulated] : []),
  ];
}

/** «с 09:20 (Кузбасс)», «09:20–09:26 (Кузбасс)» for one that is over. */
export function incidentTime(
  incident: Pick<Incident, 'openedAtMs' | 'resolvedAtMs'>,
  language: Language,
  view: { readonly timeZone: string; readonly nowMs?: number },
): string {
  const { message } = incidentTexts(language);
  const { openedAtMs, resolvedAtMs } = incident;
  const { timeZone } = view;
  const readAtMs = view.nowMs ?? resolvedAtMs ?? openedAtMs;
  const short = (ms: number): string => momentText(ms, language, { timeZone, nowMs: readAtMs });
  const times =
    resolvedAtMs === null
      ? filled(message.since, { time: short(openedAtMs) })
      : filled(message.fromTo, { from: short(openedAtMs), to: short(resolvedAtMs) });
  return `${times} (${zoneName(timeZone, language, openedAtMs)})`;
}

/** `09:20` of the day of `nowMs`, `14.05 17:30` of another, on the clock of a zone. */
export function momentText(
  ms: number,
  language: Language,
  view: { readonly timeZone: string; readonly nowMs: number },
): string {
  // One formatter for all: making one costs a hundred times its use.
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: view.timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const partsAt = (atMs: number): Partial<Record<Intl.DateTimeFormatPartTypes, string>> =>
    Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const then = partsAt(ms);
  const now = partsAt(view.nowMs);
  const time = `${then.hour}:${then.minute}`;
  if (then.day === now.day && then.month === now.month && then.year === now.year) return time;
  return `${then.day}${language === 'ru' ? '.' : '/'}${then.month} ${time}`;
}

/** «Кузбасс»; `UTC+3` for a zone that has no name of its own here. */
function zoneName(timeZone: string, language: Language, atMs: number): string {
  const known = incidentTexts(language).zones[timeZone];
  if (known !== undefined) return known;
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' });
  const name = parts.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value;
  return name?.replace('GMT', 'UTC') ?? timeZone;
}
