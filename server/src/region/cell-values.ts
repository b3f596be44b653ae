import {
  regionLimits,
  type CommissionKind,
  type Duty,
  type Municipality,
  type Period,
  type RegionProblemCode,
  type Role,
  type RoomPurpose,
  type SiteKind,
} from '@ppe-pulse/protocol';
import { plain } from './columns.ts';

/** A value, or why the text is none. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: RegionProblemCode; readonly expected: string };

function good<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

function bad(code: RegionProblemCode, expected = ''): Parsed<never> {
  return { ok: false, code, expected };
}

/** Four digits; what a spreadsheet made of them gets its zeros back. */
export function parseCode(text: string): Parsed<string> {
  return /^\d{1,4}$/.test(text) ? good(text.padStart(4, '0')) : bad('badCode');
}

/** Words for tokens: each list has the Russian and the English ones. */
function words<T extends string>(lists: Readonly<Record<T, string>>): ReadonlyMap<string, T> {
  return new Map(
    (Object.keys(lists) as T[]).flatMap((token) =>
      [token, ...lists[token].split('|')].map((word): [string, T] => [plain(word), token]),
    ),
  );
}

const kindWords = words<SiteKind>({
  ppe: 'ППЭ|пункт проведения экзаменов|школа',
  rcoi: 'РЦОИ',
  commission: 'комиссия|предметная комиссия|апелляционная комиссия|конфликтная комиссия',
});
const periodWords = words<Period>({
  early: 'досрочный|ранний|досрочный период',
  main: 'основной|основной период',
});
const commissionWords = words<CommissionKind>({
  subject: 'предметная|предметная комиссия|ПК',
  appeal: 'апелляционная|апелляционная комиссия|конфликтная|АК',
});
const roleWords = words<Role>({
  hq: 'штаб|станция авторизации|авторизация|личный кабинет|ЛК ППЭ',
  organizer: 'организатор|станция организатора',
  print: 'печать|станция печати|станция печати ЭМ',
  scan: 'сканирование|сканер|станция сканирования|станция сканирования в ППЭ',
  kege: 'кегэ|станция кегэ|информатика',
  speaking: 'говорение|станция записи|станция записи ответов|устная часть',
  video: 'видео|видеонаблюдение|ПАК',
  rcoi: 'РЦОИ|станция РЦОИ',
});
const dutyWords = words<Duty>({
  main: 'основная|основное|основной|осн',
  reserve: 'резервная|резервное|резервный|резерв|рез',
});
const purposeWords = words<RoomPurpose>({
  written: 'письменная|письменный|письменный экзамен|обычная',
  kege: 'кегэ|информатика',
  speaking: 'говорение|устная|устная часть|проведения',
  hq: 'штаб',
  video: 'видео|видеонаблюдение',
});
const flagWords = words<'yes' | 'no'>({
  yes: 'да|true|истина|1|д|y',
  no: 'нет|false|ложь|0|н|n',
});

function parseWord<T extends string>(
  known: ReadonlyMap<string, T>,
  code: RegionProblemCode,
): (text: string) => Parsed<T> {
  return (text) => {
    const token = known.get(plain(text));
    return token === undefined ? bad(code) : good(token);
  };
}

export const parseKind = parseWord(kindWords, 'badKind');
export const parsePeriod = parseWord(periodWords, 'badPeriod');
export const parseCommission = parseWord(commissionWords, 'badCommission');
export const parseRole = parseWord(roleWords, 'badRole');
export const parseDuty = parseWord(dutyWords, 'badDuty');

/** «Предметная комиссия» says the kind of the site and of the commission at once. */
export function commissionInKind(text: string): CommissionKind | undefined {
  return commissionWords.get(plain(text));
}

export function parseFlag(text: string): Parsed<boolean> {
  if (text === '+') return good(true);
  if (text === '-' || text === '—') return good(false);
  const token = flagWords.get(plain(text));
  return token === undefined ? bad('badFlag') : good(token === 'yes');
}

/** Several with a comma, a slash, a plus or a line between; sorted, so their order says nothing. */
export function parsePurposes(text: string): Parsed<readonly RoomPurpose[]> {
  const purposes = new Set<RoomPurpose>();
  for (const part of text.split(/[,;/+|\n]/)) {
    if (part.trim() === '') continue;
    const whole = purposeWords.get(plain(part));
    const several = whole === undefined ? part.trim().split(/\s+/) : [part];
    for (const word of several) {
      const purpose = purposeWords.get(plain(word));
      if (purpose === undefined) return bad('badPurpose');
      purposes.add(purpose);
    }
  }
  return good([...purposes].sort());
}

/** A whole number between two. */
export function parseWhole(from: number, to: number): (text: string) => Parsed<number> {
  return (text) => {
    const isWhole = /^\d{1,6}$/.test(text) && Number(text) >= from && Number(text) <= to;
    return isWhole ? good(Number(text)) : bad('badNumber', `${from}…${to}`);
  };
}

/** Mbit/s with a point or a comma, as bytes a second. */
export function parseSpeed(text: string): Parsed<number> {
  const number = Number(text.replace(',', '.'));
  const { contractMbitPerSecond: most } = regionLimits;
  const isSpeed = /^\d{1,6}([.,]\d{1,3})?$/.test(text) && number > 0 && number <= most;
  return isSpeed ? good(Math.round((number * 1_000_000) / 8)) : bad('badNumber', `0,1…${most}`);
}

/** Digits with what people put between them; an extension may follow. */
export function parsePhone(text: string): Parsed<string> {
  const isPhone = /^\+?[\d\s()-]{5,24}(?:,?\s*(?:доб|ext)\.?\s*\d{1,6})?$/i.test(text);
  return isPhone ? good(text.replaceAll(/\s+/g, ' ')) : bad('badPhone');
}

/** An IANA zone. Answers are kept: a region has one or two. */
export function createZoneParser(): (text: string) => Parsed<string> {
  const known = new Map<string, Parsed<string>>();
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const parsed = isZone(text) ? good(text) : bad('badTimeZone');
    known.set(text, parsed);
    return parsed;
  };
}

function isZone(text: string): boolean {
  if (!/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)+$|^UTC$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const municipalityWords =
  /(?:муниципальный|городской)\s+(?:округ|район)|муниципальное образование|(?:^|\s)(?:го|мо|мр|м\.о\.|г\.о\.|г\.|город|округ|район)(?=\s|$)/g;
const townWords = /городской\s+округ|(?:^|\s)(?:го|г\.о\.|г\.|город)(?=\s|$)/;
const districtWords = /муниципальн|(?:^|\s)(?:мо|мр|м\.о\.|район)(?=\s|$)/;

/** Slug or Russian name of a municipality; a name that two have needs its kind. */
export function createMunicipalityParser(
  municipalities: readonly Municipality[],
): (text: string) => Parsed<string> {
  const bySlug = new Map(municipalities.map(({ slug }) => [slug, slug]));
  const byName = new Map<string, Municipality[]>();
  for (const each of municipalities) {
    const name = plain(each.name);
    byName.set(name, [...(byName.get(name) ?? []), each]);
  }
  return (text) => {
    const small = text.trim().toLowerCase().replaceAll('ё', 'е').replaceAll(/\s+/g, ' ');
    const slug = bySlug.get(small);
    if (slug !== undefined) return good(slug);
    const named = byName.get(plain(small.replaceAll(municipalityWords, ' '))) ?? [];
    const isTown = townWords.test(small);
    const isDistrict = !isTown && districtWords.test(small);
    const fitting = named.filter(({ kind }) =>
      isTown ? kind === 'ГО' : isDistrict ? kind !== 'ГО' : true,
    );
    const [only, ...others] = fitting;
    if (only === undefined) return bad('unknownMunicipality');
    if (others.length === 0) return good(only.slug);
    return bad(
      'ambiguousMunicipality',
      fitting.map((each) => `${each.slug} = ${each.name} ${each.kind}`).join(', '),
    );
  };
}
