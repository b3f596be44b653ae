import { deviceId } from '../checks/devices.ts';
import { HQ_ROOM_CODE } from '../hq-room.ts';
import type { Incident } from '../incidents/incident.ts';
import type { SiteKind } from '../region/region.ts';
import type { Language } from './domain-texts.ts';
import type { CountedWord, IncidentTexts } from './incident-words.ts';
import { incidentsEn } from './incidents-en.ts';
import { incidentsRu } from './incidents-ru.ts';
import { nameOf } from './name-of.ts';
import { domainTexts } from './texts.ts';

/** Names that the registry knows; without them slugs and «ППЭ» are shown. */
export interface PlaceNames {
  /** By slug. */
  readonly municipality?: (slug: string) => string | undefined;
  /** By the site's code. */
  readonly siteKind?: (code: string) => SiteKind | undefined;
}

/** Kinds whose reason says everything: «нет сигнала» needs no «Связь с агентом» in front. */
const SELF_EXPLAINING: ReadonlySet<string> = new Set(['heartbeat', 'clone']);
/** Of a workstation's id: `w-91c2` is enough beside its site and room. */
const SHORT_ID_LENGTH = 6;

/** Words of incidents in a language. */
export function incidentTexts(language: Language): IncidentTexts {
  return language === 'ru' ? incidentsRu : incidentsEn;
}

/** Where and what, in one sentence: «ППЭ 4216, ауд. 0012: принтер, замятие бумаги». */
export function incidentTitle(
  incident: Incident,
  language: Language,
  names: PlaceNames = {},
): string {
  return `${incidentPlace(incident, language, names)}: ${incidentFault(incident, language)}`;
}

/** Where: «Провайдер «Связь-1»», «ППЭ 4216, Штаб». */
export function incidentPlace(
  incident: Incident,
  language: Language,
  names: PlaceNames = {},
): string {
  const { place } = incidentTexts(language);
  const { siteCode, roomCode, workstationId, municipality } = incident;
  switch (incident.level) {
    case 'collector':
      return place.collector;
    case 'region':
      return place.region;
    case 'municipality':
      return filled(place.municipality, {
        name: names.municipality?.(municipality ?? '') ?? municipality ?? '',
      });
    case 'provider':
      return filled(place.provider, { name: quoted(incident.provider ?? '', place.quoted) });
    case 'site':
    case 'room':
    case 'device':
    case 'station': {
      const kind = names.siteKind?.(siteCode ?? '') ?? 'ppe';
      const parts = [filled(place.sites[kind], { code: siteCode ?? '' })];
      if (roomCode !== null && incident.level !== 'site')
        parts.push(roomCode === HQ_ROOM_CODE ? place.hq : filled(place.room, { code: roomCode }));
      if (workstationId !== null && incident.level === 'station')
        parts.push(filled(place.station, { id: workstationId.slice(0, SHORT_ID_LENGTH) }));
      return parts.join(', ');
    }
  }
}

/** What is wrong, without the place: «принтер 2, замятие бумаги». */
export function incidentFault(incident: Incident, language: Language): string {
  const { collectorReasons } = incidentTexts(language);
  const reason = reasonText(incident.reason, language);
  if (incident.level === 'collector') return collectorReasons[incident.reason] ?? reason;
  if (SELF_EXPLAINING.has(incident.kind)) return reason;
  const name = kindText(incident, language);
  // «резервный канал не работает» has the name in it already.
  const isNamed = reason.toLowerCase().replace(/^the /, '').startsWith(name.toLowerCase());
  return isNamed ? reason : `${name}, ${reason}`;
}

/** What is watched: «принтер 2 (бумага)»; the id itself for a kind of a newer collector. */
export function kindText(incident: Pick<Incident, 'kind' | 'device'>, language: Language): string {
  const { kind, device } = incident;
  const { kinds } = incidentTexts(language);
  const { checks } = domainTexts(language);
  const own = kinds[kind] ?? checks[kind];
  if (own === undefined) return kind;
  const name = device === null ? own.replace('{n}', '') : nameOf(checks, deviceId(kind, device));
  const [first = '', ...rest] = name.split(': ');
  return lowered(rest.length === 0 ? first : `${first} (${rest.join(', ')})`);
}

/** Text of a reason, the token itself for one of a newer collector. */
export function reasonText(reason: string, language: Language): string {
  const reasons: Readonly<Record<string, string>> = domainTexts(language).reasons;
  return reasons[reason] ?? reason;
}

/** How much is hit: «14 ППЭ, 238 рабочих мест»; empty where the title says it. */
export function incidentReach(incident: Incident, language: Language): string {
  const { reach } = incidentTexts(language);
  const isOver = incident.resolvedAtMs !== null;
  const stations = isOver ? incident.peakChildren : incident.children;
  const sites = Math.max(incident.sites, incident.siteCodes.length);
  switch (incident.level) {
    case 'collector':
    case 'station':
    case 'device':
      return '';
    case 'site':
    case 'room':
      return stations === 0 ? '' : counted(stations, reach.stations, language);
    case 'region':
    case 'municipality':
    case 'provider':
      return [
        sites === 0 ? '' : counted(sites, reach.sites, language),
        stations === 0 ? '' : counted(stations, reach.stations, language),
      ]
        .filter((part) => part !== '')
        .join(', ');
  }
}

/** A number with its noun in the right form: «21 рабочее место». */
export function counted(count: number, word: CountedWord, language: Language): string {
  const form = word[incidentTexts(language).pluralOf(count)] ?? word.other;
  return filled(form, { count: String(count) });
}

/** Fills `{places}`; a value may hold any signs, `$&` too. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Names that bring quotation marks of their own get no second ones. */
function quoted(name: string, marks: string): string {
  return /[«»"“”„]/.test(name) ? name : filled(marks, { name });
}

/** «Принтер» inside a sentence; CPU stays as it is. */
function lowered(text: string): string {
  const [first = '', second = ''] = text;
  return second === second.toUpperCase() ? text : first.toLowerCase() + text.slice(first.length);
}
