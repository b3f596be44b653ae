import { DEFAULT_TIME_ZONE, mainMetricOf, metrics, type Incident } from '@ppe-pulse/protocol';
import {
  counted,
  filled,
  formatDuration,
  formatEvidence,
  incidentLine,
  incidentTexts,
  momentText,
  type Language,
} from '@ppe-pulse/protocol/texts';
import { closingKinds, type AlertEvent } from '../alert.ts';
import type { FormatContext } from './format.ts';
import { boardLink } from './links.ts';
import { oneLine } from './plain.ts';

/** Incidents that a digest spells out; the rest is «ещё N». */
const MAX_DIGEST_LINES = 20;
/** Codes of sites in a message; the board has all. */
const MAX_SITE_CODES = 10;

/** What is told, in plain words; formats escape it their own way. */
export interface Message {
  /** First what happened: «КРИТИЧНО · открыт · Провайдер «Связь-1»: нет сигнала · …». */
  readonly headline: string;
  /** What else is to be known, one screen; never empty. */
  readonly lines: readonly string[];
}

/** The default text of an event. No line holds a line break or a control sign. */
export function messageOf(event: AlertEvent, language: Language, context: FormatContext): Message {
  const { message } = incidentTexts(language);
  const url = boardLink(event, context.boardUrl);
  const about = event.kind === 'digest' || event.kind === 'drill' ? event.id : event.incident.id;
  const lines = [
    ...(event.kind === 'drill' ? [message.drillNote] : []),
    ...(event.kind === 'digest'
      ? digestLines(event, language, context)
      : incidentLines(event, language, context)),
    ...(url === null ? [] : [filled(message.board, { url })]),
    filled(message.signature, { id: about }),
  ];
  return { headline: oneLine(headlineOf(event, language, context)), lines: lines.map(oneLine) };
}

/** Marks of what has not really happened. */
export function marksOf(event: AlertEvent, language: Language): readonly string[] {
  const { marks } = incidentTexts(language);
  const shown = event.kind === 'digest' ? event.digest : [event.incident];
  const isSimulated = shown.length > 0 && shown.every((incident) => incident.isSimulated);
  return [...(isDrill(event) ? [marks.drillAlert] : []), ...(isSimulated ? [marks.simulated] : [])];
}

/** True for a test of the way and for what is rehearsed on purpose. */
export function isDrill(event: AlertEvent): boolean {
  if (event.kind === 'drill' || event.isDrill) return true;
  return event.kind !== 'digest' && event.incident.isDrill;
}

/** How long an incident lasted, or lasts; «6 мин 00 с». */
export function durationOf(incident: Incident, language: Language, nowMs: number): string {
  const endMs = incident.resolvedAtMs ?? nowMs;
  return formatDuration(Math.max(0, endMs - incident.openedAtMs), language);
}

/** Lines of a digest's incidents, worst first, and how many more there are. */
export function digestLines(
  event: AlertEvent,
  language: Language,
  context: FormatContext,
): readonly string[] {
  const { message } = incidentTexts(language);
  const left = event.digest.length - MAX_DIGEST_LINES;
  return [
    ...event.digest
      .slice(0, MAX_DIGEST_LINES)
      .map((incident) => `• ${incidentLine(incident, language, viewOf(event, context, ''))}`),
    ...(left > 0 ? [filled(message.more, { count: String(left) })] : []),
  ];
}

function headlineOf(event: AlertEvent, language: Language, context: FormatContext): string {
  const { alertKinds, message, reach, severities } = incidentTexts(language);
  const { incident } = event;
  const marks = marksOf(event, language);
  if (event.kind === 'digest') {
    const count = counted(event.digest.length, reach.incidents, language);
    const severity = severities[incident.severity].toUpperCase();
    return [...marks, severity, filled(message.digestTitle, { count })].join(' · ');
  }
  // The marks of the event say it all: those of the incident would say it twice.
  const unmarked: Incident = { ...incident, isDrill: false, isSimulated: false };
  const view = viewOf(event, context, alertKinds[event.kind] ?? event.kind);
  return [...marks, incidentLine(unmarked, language, view)].join(' · ');
}

function incidentLines(
  event: AlertEvent,
  language: Language,
  context: FormatContext,
): readonly string[] {
  const { message } = incidentTexts(language);
  const { incident } = event;
  const { siteCode, siteCodes, evidence, kind } = incident;
  const details = formatEvidence(evidence, unitOf(kind), language);
  const isWide = siteCode === null && siteCodes.length > 0;
  return [
    ...(details === '' ? [] : [filled(message.details, { evidence: details })]),
    ...(isWide ? [filled(message.sites, { codes: codesText(incident, language) })] : []),
    ...(closingKinds.has(event.kind)
      ? endLines(event, language)
      : openLines(event, language, context)),
  ];
}

function endLines(event: AlertEvent, language: Language): readonly string[] {
  const { message, resolutions } = incidentTexts(language);
  const { incident } = event;
  const { resolution, foldedInto } = incident;
  const duration = durationOf(incident, language, event.atMs);
  return [
    filled(message.lasted, { duration }),
    ...(resolution === null ? [] : [filled(message.cause, { cause: resolutions[resolution] })]),
    ...(foldedInto === null ? [] : [filled(message.foldedInto, { id: foldedInto })]),
  ];
}

function openLines(
  event: AlertEvent,
  language: Language,
  context: FormatContext,
): readonly string[] {
  const { message, dutyRoles } = incidentTexts(language);
  const { isUnstable, isUnheard, assignee, acknowledgedAtMs } = event.incident;
  const clock = { timeZone: zoneOf(context), nowMs: event.atMs };
  return [
    ...(isUnstable ? [message.unstable] : []),
    ...(isUnheard ? [message.unheard] : []),
    ...(acknowledgedAtMs === null
      ? []
      : [filled(message.acknowledged, { time: momentText(acknowledgedAtMs, language, clock) })]),
    ...(assignee === null ? [] : [filled(message.assignee, { who: dutyRoles[assignee] })]),
  ];
}

function codesText(incident: Incident, language: Language): string {
  const { message } = incidentTexts(language);
  const shown = incident.siteCodes.slice(0, MAX_SITE_CODES);
  const left = Math.max(incident.sites, incident.siteCodes.length) - shown.length;
  const more = left > 0 ? [filled(message.more, { count: String(left) })] : [];
  return [...shown, ...more].join(', ');
}

function viewOf(event: AlertEvent, context: FormatContext, word: string) {
  const names = context.names === undefined ? {} : { names: context.names };
  return { ...names, timeZone: zoneOf(context), nowMs: event.atMs, word };
}

/** Zone of the times in texts. */
export function zoneOf(context: FormatContext): string {
  return context.timeZone ?? DEFAULT_TIME_ZONE;
}

function unitOf(checkId: string) {
  const metric = mainMetricOf(checkId);
  return metrics.find(({ id }) => id === metric)?.unit;
}
