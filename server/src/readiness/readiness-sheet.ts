import type { Condition, Readiness, Site, Verdict } from '@ppe-pulse/protocol';
import {
  conditionBasis,
  conditionTitle,
  conditionTodo,
  formatDuration,
  missingTitles,
  readinessCount,
  readinessTexts,
  type Language,
  type ReadinessTexts,
} from '@ppe-pulse/protocol/texts';
import { html, trusted, type Html } from './html.ts';
import { momentIn, type MomentFormat } from './moment-format.ts';
import { sheetStyle } from './sheet-style.ts';

/** What a readiness sheet is made of. */
export interface ReadinessSheet {
  readonly site: Site;
  readonly readiness: Readiness;
  /** Title of the plan in force. */
  readonly rehearsal: string;
  /** The region is invented: the sheet says so. */
  readonly isSample: boolean;
  /** The rehearsal's clock. */
  readonly nowMs: number;
  /** IANA zone of the site. */
  readonly timeZone: string;
  readonly language: Language;
}

interface View {
  readonly texts: ReadinessTexts;
  readonly language: Language;
  readonly moment: MomentFormat;
}

/** Characters of a site's name that a sheet has room for. */
const NAME_CHARACTERS = 160;
/** Titles in the summary; the table has them all. */
const TITLES_NAMED = 6;

/** The whole page: one document without scripts, pictures or links. What is not met comes first. */
export function readinessSheet(sheet: ReadinessSheet): string {
  const { site, readiness, language } = sheet;
  const texts = readinessTexts(language);
  const view: View = { texts, language, moment: momentIn(sheet.timeZone, language, sheet.nowMs) };
  const title = `${texts.sheet.title}: ${kindOf(site, texts)} ${site.code}`;
  const notInvolved = html`<p class="missing">${texts.sheet.notInvolvedText}</p>`;
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${styleElement()}
      </head>
      <body>
        ${headOf(sheet, view)} ${readiness.total === 0 ? notInvolved : tableOf(readiness, view)}
        ${footOf(view)}
      </body>
    </html> `;
  return page.text;
}

/** Not a blank more than the page's policy has the hash of: no formatter may lay it out. */
function styleElement(): Html {
  return trusted(`<style>${sheetStyle}</style>`);
}

function headOf(sheet: ReadinessSheet, { texts, language, moment }: View): Html {
  const { site, readiness, isSample, rehearsal } = sheet;
  const labels = texts.sheet;
  const missing = missingTitles(readiness, language);
  const count = readinessCount(readiness, language);
  const [short, noun] = splitCount(count, readiness, texts);
  const rest = missing.length - TITLES_NAMED;
  const named =
    missing.slice(0, TITLES_NAMED).join(', ') + (rest > 0 ? ` ${labels.more} ${rest}` : '');
  const summary = missing.length === 0 ? labels.allMet : `${labels.missing}: ${named}.`;
  return html`<header>
      <div>
        <h1>${labels.title}: ${kindOf(site, texts)} ${site.code}</h1>
        <p class="place">${site.name.slice(0, NAME_CHARACTERS)}</p>
        <p class="facts">${labels.rehearsal}: ${rehearsal}</p>
        <p class="facts">
          ${labels.formedAt}: ${moment.whole} (${labels.localTime}, ${sheet.timeZone})
        </p>
      </div>
      ${readiness.total === 0 ? html`` : html`<p class="count"><strong>${short}</strong>${noun}</p>`}
    </header>
    ${isSample ? html`<p class="notice">${labels.sample}</p>` : html``}
    ${readiness.total === 0 ? html`` : html`<p class="missing">${summary}</p>`}`;
}

/** `17 из 19` and what is counted: the first is to be read from across a room. */
function splitCount(count: string, { met, total }: Readiness, texts: ReadinessTexts) {
  const short = `${met} ${texts.phrases.metOf} ${total}`;
  return [short, count.slice(short.length).trim()] as const;
}

function tableOf({ conditions }: Readiness, view: View): Html {
  const labels = view.texts.sheet;
  const unmet = conditions.filter(({ verdict }) => verdict !== 'ok');
  const met = conditions.filter(({ verdict }) => verdict === 'ok');
  return html`<table>
    <thead>
      <tr>
        <th class="sign">${labels.state}</th>
        <th class="title">${labels.condition}</th>
        <th>${labels.basis}</th>
        <th class="todo">${labels.todo}</th>
        <th class="age">${labels.age}</th>
        <th class="since">${labels.since}</th>
      </tr>
    </thead>
    <tbody>
      ${[...unmet, ...met].map((each) => rowOf(each, view))}
    </tbody>
  </table>`;
}

function rowOf(condition: Condition, view: View): Html {
  const { language, moment, texts } = view;
  const { verdict, ageMs, sinceMs } = condition;
  const age = ageMs === null ? '—' : formatDuration(ageMs, language);
  const basis = conditionBasis(condition, language);
  // Of what holds there is nothing to do: its basis has the room of both.
  const told =
    verdict === 'ok'
      ? html`<td colspan="2">${basis}</td>`
      : html`<td>${basis}</td>
          <td class="todo">${conditionTodo(condition, language)}</td>`;
  return html`<tr class="${verdict}${verdict === 'ok' ? '' : ' unmet'}">
    <td class="sign"><span class="mark">${signs[verdict]}</span>${signWord(condition, texts)}</td>
    <td class="title">${conditionTitle(condition, language)}</td>
    ${told}
    <td class="age">${age}</td>
    <td class="since">${moment.short(sinceMs)}</td>
  </tr> `;
}

/** Told apart by shape: the sheet is printed in black. */
const signs: Readonly<Record<Verdict, string>> = {
  ok: '✓',
  fail: '✗',
  warn: '!',
  unknown: '?',
  silentByRule: '–',
  notInvolved: '–',
};

function signWord({ verdict, evidence }: Condition, { sheet, phrases }: ReadinessTexts): string {
  if (verdict === 'ok') return sheet.met;
  if (verdict === 'fail') return sheet.notMet;
  if (verdict === 'warn') return sheet.attention;
  if (verdict === 'unknown') return 'unheard' in evidence ? sheet.noData : phrases.unmeasured;
  return sheet.byRule;
}

function footOf({ texts: { sheet } }: View): Html {
  return html`<footer>
    <div class="signature">
      <span>${sheet.signature}</span>
      <span class="line">${sheet.signatureHint}</span>
      <span class="line">${sheet.nameHint}</span>
      <span class="line">${sheet.dateHint}</span>
    </div>
    <p class="automatic">${sheet.automatic}</p>
  </footer>`;
}

function kindOf({ kind }: Site, { sheet }: ReadinessTexts): string {
  return sheet[kind];
}
