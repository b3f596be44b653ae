import { createHash } from 'node:crypto';
import type { Condition, Readiness } from '@ppe-pulse/protocol';
import { readinessOf, tracksOf } from '@ppe-pulse/protocol';
import { describe, expect, it } from 'vitest';
import { html, trusted } from '../../server/src/readiness/html.ts';
import { momentIn } from '../../server/src/readiness/moment-format.ts';
import { readinessSheet, type ReadinessSheet } from '../../server/src/readiness/readiness-sheet.ts';
import { sheetPolicy, sheetStyle } from '../../server/src/readiness/sheet-style.ts';
import {
  allClaims,
  check,
  fullSite,
  healthyStations,
  morningMs,
  placed,
  plan,
} from '../protocol/readiness-cases.ts';

const site = fullSite();

describe('a readiness sheet', () => {
  it('tells ППЭ, rehearsal, local time, the count, and what is missing', () => {
    const page = textOf(readinessSheet(sheet({})));
    expect(page).toContain('Лист готовности: ППЭ 4216');
    expect(page).toContain('МБОУ «Школа № 1»');
    expect(page).toContain('Апробация: Федеральная апробация 15.05.2024');
    expect(page).toContain('Сформирован: 15.05.2024, 07:00 (время ППЭ, Asia/Novokuznetsk)');
    expect(page).toContain('23 из 30 условий выполнено');
    // What is known to be wrong comes before what nobody hears.
    expect(page).toContain(
      'Не выполнено: Принтеры готовы в каждой аудитории, Станции сканирования на связи, ',
    );
    expect(page).toContain('Технический специалист ППЭ');
    expect(page).toContain('Сформировано автоматически');
  });

  it('puts what is missing first, with its sign, its basis and what to do', () => {
    const rows = rowsOf(readinessSheet(sheet({})));
    expect(rows).toHaveLength(30);
    expect(rows[0]).toBe(
      '?не слышно Станции сканирования на связи не слышно: 1 из 1 станции · нет сигнала · ' +
        'ауд. 7777 Включите станцию сканирования и проверьте службу агента. — 07:00',
    );
    expect(rows.find((row) => row.includes('Принтеры готовы'))).toBe(
      '✗не готово Принтеры готовы в каждой аудитории не готово: 1 из 3 аудиторий · ' +
        'замятие бумаги · ауд. 0002 ' +
        'Устраните неисправность принтера в аудитории или замените его резервным. 5 с 07:00',
    );
    for (const row of rows.slice(7)) expect(row).toMatch(/^✓готово /);
  });

  it('speaks English when it is asked to', () => {
    const page = textOf(readinessSheet(sheet({ language: 'en' })));
    expect(page).toContain('Readiness sheet: Exam site 4216');
    expect(page).toContain('23 of 30 conditions met');
    expect(page).toContain('not ready: 1 of 3 rooms · paper jam · rooms 0002');
    const given = /МБОУ «Школа № 1»|Федеральная апробация/g;
    expect(page.replaceAll(given, '')).not.toMatch(/[а-яё]/i);
  });

  it('says of a site that takes no part only that', () => {
    const readiness: Readiness = {
      siteCode: '4216',
      met: 0,
      total: 0,
      verdict: 'notInvolved',
      conditions: [],
    };
    const page = readinessSheet(sheet({ readiness }));
    expect(page).toContain('ППЭ не участвует в этой апробации');
    expect(page).not.toContain('<table>');
    expect(page).not.toContain('0 из 0');
  });

  it('marks the sheet of an invented region', () => {
    expect(readinessSheet(sheet({ isSample: true }))).toContain('Учебные данные');
    expect(readinessSheet(sheet({}))).not.toContain('Учебные данные');
  });

  it('lets no name, title, reason or number of somebody become markup', () => {
    const evil = `"><script>alert(1)</script><img src=x onerror='a'>&amp;`;
    const hostile: Condition = {
      id: evil,
      verdict: 'fail',
      reason: evil,
      evidence: { [evil]: evil, host: evil },
      ageMs: 1,
      sinceMs: morningMs,
      rooms: [evil],
    };
    const page = readinessSheet(
      sheet({
        site: { ...site, code: evil, name: evil },
        rehearsal: evil,
        readiness: { siteCode: evil, met: 0, total: 1, verdict: 'fail', conditions: [hostile] },
      }),
    );
    expect(page).not.toMatch(/<script|<img|onerror='/);
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&amp;amp;');
    // Every tag that is there is one of the sheet's own.
    const tags = new Set([...page.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag));
    expect([...tags].filter((tag) => !ownTags.includes(tag ?? ''))).toEqual([]);
    expect(page.match(/<style>/g)).toHaveLength(1);
  });

  it('loads nothing: its policy allows the very style that the page has, and no more', () => {
    const page = readinessSheet(sheet({}));
    const style = /<style>([^]*)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(style).toBe(sheetStyle);
    expect(sheetPolicy).toContain(`style-src 'sha256-${hash}'`);
    expect(sheetPolicy).toContain("default-src 'none'");
    expect(page).not.toMatch(/\s(?:src|href|style|on\w+)=/);
  });
});

describe('the clock of a sheet', () => {
  it('is the site’s: other days have a date, the same day has none', () => {
    const moscow = momentIn('Europe/Moscow', 'ru', morningMs);
    expect(moscow.whole).toBe('15.05.2024, 03:00');
    expect(moscow.short(morningMs - 3 * 3_600_000)).toBe('00:00');
    expect(moscow.short(morningMs - 3 * 3_600_000 - 1)).toBe('14.05 23:59');
    const kuzbass = momentIn('Asia/Novokuznetsk', 'en', morningMs);
    expect(kuzbass.whole).toBe('15/05/2024, 07:00');
  });
});

describe('markup', () => {
  it('escapes what is put into it, and not what is markup already', () => {
    expect(html`<b title="${'"<&>\''}">${1}${trusted('<i>')}${[html`${'<'}`]}</b>`.text).toBe(
      '<b title="&quot;&lt;&amp;&gt;&#39;">1<i>&lt;</b>',
    );
  });
});

const ownTags = [
  'html head meta title style body header div h1 p strong table thead tr th tbody td span footer',
]
  .join(' ')
  .split(' ');

/** A ППЭ with a jam in 0002 and a scan station that is not heard. */
function sheet(change: Partial<ReadinessSheet>): ReadinessSheet {
  const stations = healthyStations(site, morningMs).map((each) => {
    const { role, duty, roomCode } = each.placement;
    if (role === 'scan' && duty === 'main')
      return { ...each, heartbeat: check('heartbeat', { verdict: 'unknown', reason: 'silent' }) };
    if (roomCode !== '0002') return each;
    const jam = check('printer.state', {
      verdict: 'fail',
      reason: 'jam',
      evidence: { proofAgeMs: 9 },
    });
    return { ...each, checks: each.checks.map((one) => (one.id === 'printer.state' ? jam : one)) };
  });
  const readiness = readinessOf({
    site,
    plan,
    tracks: tracksOf(plan, site),
    stations: placed(site, stations),
    claims: allClaims(),
    nowMs: morningMs,
    versions: { agent: '0.5.0', plan: 3 },
  });
  return {
    site,
    readiness,
    rehearsal: plan.title,
    isSample: false,
    nowMs: morningMs,
    timeZone: 'Asia/Novokuznetsk',
    language: 'ru',
    ...change,
  };
}

function rowsOf(page: string): string[] {
  const body = /<tbody>([^]*)<\/tbody>/.exec(page)?.[1] ?? '';
  return body
    .split('</tr>')
    .map(textOf)
    .filter((row) => row !== '');
}

/** What a reader sees. */
function textOf(page: string): string {
  return (
    page
      .replaceAll(/<style>[^]*<\/style>/g, '')
      // The mark stands at its word; cells and lines stand apart.
      .replaceAll(/<\/span>/g, '')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
  );
}
