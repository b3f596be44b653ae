import type { CheckVerdict, Mode, Placement, Verdict } from '@ppe-pulse/protocol';
import { domainTexts, nameOf, type Language } from '@ppe-pulse/protocol/texts';
import { evidenceOf, reasonOf, valueOf } from './check-words.ts';
import { sheetStyle, sheetTexts } from './check-sheet-texts.ts';
import { untilText } from './until-text.ts';

/** What a readiness sheet of one PC says: no names of people, hosts, files or queues. */
export interface CheckSheet {
  readonly language: Language;
  readonly verdict: Verdict;
  readonly verdicts: readonly CheckVerdict[];
  /** Missing for a PC that nobody has enrolled. */
  readonly agentId: string | undefined;
  readonly placement: Placement | undefined;
  /** Until when the enrolment holds, ms since 1970 UTC. */
  readonly validToMs: number | undefined;
  /** The link of the running service; undefined when none runs. */
  readonly link: string | undefined;
  readonly mode: Mode | undefined;
  readonly planVersion: number | null | undefined;
  readonly agentVersion: string;
  /** Version of Node. */
  readonly runtime: string;
  /** Name and version of the system. */
  readonly system: string;
  /** The PC's own clock: the check `clock.skew` says how far it is off. */
  readonly nowMs: number;
  readonly timeZone: string | undefined;
}

/** A label and what it says. */
type Fact = readonly [string, string];

const signs: Readonly<Record<Verdict, string>> = {
  ok: '✓',
  warn: '!',
  fail: '✕',
  unknown: '?',
  silentByRule: '–',
  notInvolved: '–',
};

/** How urgent a row is: what is to be mended stands first. */
const order: readonly Verdict[] = ['fail', 'warn', 'unknown', 'ok', 'silentByRule', 'notInvolved'];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** `Готовность-4216-0012-2024-05-14-0f3a9c21.html`: a PC has one a day, whatever else is in its room. */
export function sheetName(sheet: CheckSheet): string {
  const { agentId, placement, nowMs, timeZone, language } = sheet;
  const parts = [
    sheetTexts[language].fileName,
    placement?.siteCode ?? '0000',
    placement?.roomCode ?? '0000',
    dayOf(nowMs, timeZone),
    agentId === undefined ? '0' : agentId.slice(2, 10),
  ];
  return `${parts.join('-')}.html`;
}

/** One page without scripts, pictures or links. */
export function sheetHtml(sheet: CheckSheet): string {
  const texts = sheetTexts[sheet.language];
  const facts = factsOf(sheet).map(
    ([label, value]) => `<tr><th>${escaped(label)}</th><td>${escaped(value)}</td></tr>`,
  );
  const rows = rowsOf(sheet).map(
    ({ check, name, why }) =>
      `<tr class="${check.verdict}"><td>${signs[check.verdict]}</td><td>${escaped(name)}</td>` +
      `<td>${escaped(valueOf(check, sheet.language))}</td><td>${escaped(why)}</td></tr>`,
  );
  return [
    '<!doctype html>',
    `<html lang="${sheet.language}"><head><meta charset="utf-8">`,
    `<title>${escaped(titleOf(sheet))}</title><style>${sheetStyle}</style></head><body>`,
    `<h1>${escaped(titleOf(sheet))}</h1>`,
    `<p class="result ${sheet.verdict}">${signs[sheet.verdict]} ${escaped(resultOf(sheet))}</p>`,
    `<table class="facts">${facts.join('\n')}</table>`,
    `<table class="checks"><thead><tr><th></th>${texts.columns
      .map((each) => `<th>${escaped(each)}</th>`)
      .join('')}</tr></thead><tbody>`,
    rows.join('\n'),
    `</tbody></table><p class="foot">${escaped(texts.foot)}</p></body></html>`,
    '',
  ].join('\n');
}

/** The same as plain text, for a PC without a browser. */
export function sheetText(sheet: CheckSheet): string {
  const facts = factsOf(sheet).map(([label, value]) => `${label}: ${value}`);
  const rows = rowsOf(sheet).map(({ check, name, why }) =>
    [`[${signs[check.verdict]}] ${name}`, valueOf(check, sheet.language), why]
      .filter((each) => each !== '')
      .join(' · '),
  );
  const { foot } = sheetTexts[sheet.language];
  return `${[titleOf(sheet), resultOf(sheet), '', ...facts, '', ...rows, '', foot].join('\n')}\n`;
}

function titleOf({ placement, language }: CheckSheet): string {
  const texts = sheetTexts[language];
  if (!placement) return `${texts.title}: ${texts.notEnrolled}`;
  return `${texts.title}: ${texts.site} ${placement.siteCode}, ${texts.room} ${placement.roomCode}`;
}

function resultOf({ verdict, verdicts, language }: CheckSheet): string {
  const texts = sheetTexts[language];
  const good = verdicts.filter((each) => order.indexOf(each.verdict) >= order.indexOf('ok')).length;
  const word = domainTexts(language).verdicts[verdict];
  return `${texts.result}: ${word}. ${texts.count(good, verdicts.length)}`;
}

function factsOf(sheet: CheckSheet): Fact[] {
  const { language, placement, validToMs, planVersion, timeZone } = sheet;
  const texts = sheetTexts[language];
  const place = placement
    ? `${domainTexts(language).roles[placement.role]}, ${texts.duties[placement.duty]}`
    : texts.notEnrolled;
  return [
    [texts.facts.place, place],
    [texts.facts.id, sheet.agentId ?? texts.notEnrolled],
    [texts.facts.madeAt, untilText(sheet.nowMs, language, timeZone)],
    [texts.facts.service, serviceOf(sheet)],
    ...(validToMs === undefined
      ? []
      : [[texts.facts.validTo, untilText(validToMs, language, timeZone)] as const]),
    ...(planVersion == null ? [] : [[texts.facts.plan, String(planVersion)] as const]),
    [texts.facts.versions, `${sheet.agentVersion} · Node ${sheet.runtime} · ${sheet.system}`],
  ];
}

function serviceOf({ link, mode, language }: CheckSheet): string {
  const texts = sheetTexts[language];
  if (link === undefined) return texts.notRunning;
  const line = link === 'live' ? texts.linked : texts.notLinked;
  return `${texts.running}, ${line}${mode === undefined ? '' : ` (${mode})`}`;
}

function rowsOf({ verdicts, language }: CheckSheet) {
  const { checks } = domainTexts(language);
  return verdicts
    .toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
    .map((check) => ({
      check,
      name: nameOf(checks, check.id),
      why: [reasonOf(check, language), evidenceOf(check, language)]
        .filter((each) => each !== '')
        .join(': '),
    }));
}

/** The day by the ППЭ's clock, so that the name says the same as the sheet. */
function dayOf(atMs: number, timeZone: string | undefined): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  return new Intl.DateTimeFormat('sv-SE', { ...zone, dateStyle: 'short' }).format(atMs);
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (found) => escapes[found] ?? '');
}
