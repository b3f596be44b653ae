import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXACT_PIXELS, hasChromium, launchBrowser } from '../support/chromium.ts';
import { referenceNames, samePicture } from '../support/pictures.ts';
import { misplacedOn, wellPlaced } from '../support/placement.ts';
import type { Scene, Trouble } from '../support/theatre/scene.ts';
import {
  afterDay,
  beforeDay,
  calm,
  country,
  drill,
  flood,
  foreignNames,
  notInvolved,
  planEditing,
  silentByRule,
  simulated,
  sized,
  work,
  zeroSites,
} from '../support/theatre/scenes.ts';
import { tilesIn } from '../support/theatre/shown-cells.ts';
import { seat, type Seat, type SeatChoice } from '../support/theatre/seat.ts';
import { theatre, type Stage } from '../support/theatre/theatre.ts';

/** A state that nobody may mistake for another. */
interface State {
  readonly scene: () => Scene;
  readonly choice?: SeatChoice;
  /** What happens before the picture is taken. */
  readonly play?: (here: Seat, stage: Stage) => Promise<void>;
  /** Where on the page which words must be read. */
  readonly reads: Readonly<Record<string, readonly (string | RegExp)[]>>;
  /** Numbers beside the verdicts. */
  readonly counts?: Partial<Record<'fail' | 'unknown' | 'warn' | 'ok', number>>;
  /** Rooms that look so, on all tiles together. */
  readonly rooms?: Readonly<Record<string, number>>;
  /** How many of these there are. */
  readonly holds?: Readonly<Record<string, number>>;
}

const SIDE = '.wall-side';
const DAY = '[data-testid=day-state]';
const ALERT = '[role=alert]';
const HEADER = '.header';
const busy = { fail: 3, unknown: 2, warn: 8, ok: 85 };

const states: Readonly<Record<string, State>> = {
  work: {
    scene: work,
    reads: {
      [HEADER]: ['09:42:19', 'Москва 05:42', /10:00\s*ключ активен/i, 'через 17:41'],
      [SIDE]: ['13 открыто', 'Ауд. 0007: принтер, нет бумаги', 'Приём в Штабах'],
      '.footer': ['Прямой эфир'],
    },
    counts: busy,
    holds: { '.tile': 98, '.tile-fail .glyph-fail': 3, '.tile-unknown .glyph-unknown': 2 },
  },
  calm: {
    scene: calm,
    reads: { [SIDE]: ['Отклонений нет', '98 ППЭ', 'камер с потоком 3 920 из 3 920'] },
    counts: { fail: 0, unknown: 0, warn: 0, ok: 98 },
    holds: { '.tile-ok': 98, [DAY]: 0 },
  },
  stale: {
    scene: work,
    play: ({ pass }) => pass(20_000),
    reads: {
      [ALERT]: ['ДАННЫЕ УСТАРЕЛИ', /картине на экране 2\d с/, 'состояние на 09:42'],
      '.watermark': ['НЕ АКТУАЛЬНО', 'состояние на 09:42'],
    },
    counts: busy,
    holds: { '.shell-stale': 1 },
  },
  lost: {
    scene: work,
    play: async ({ pass }, stage) => {
      await stage.wire.drop();
      await pass(75_000);
    },
    reads: {
      [ALERT]: ['НЕТ СВЯЗИ С КОЛЛЕКТОРОМ', /картине на экране 1 мин 1\d с/],
      '.watermark': ['НЕ АКТУАЛЬНО', /состояние на 09:42 · 1 мин 1\d с/],
      '.footer': ['НЕТ СВЯЗИ'],
    },
    counts: busy,
    holds: { '.shell-lost': 1 },
  },
  flood: {
    scene: flood,
    reads: {
      [SIDE]: ['Массовая потеря связи: 28 ППЭ (28,6 %)', 'провайдер «Связь-2»', 'за 6 с'],
    },
    counts: { unknown: 28 },
    holds: { '.tile-unknown .glyph-unknown': 28, '.mass-loss': 1 },
  },
  'third-silent': {
    scene: thirdSilent,
    reads: { [DAY]: [/Не слышно 32 ППЭ из 98|Не слышно 32 из 98/, '32,7 %'] },
    counts: { unknown: 32 },
    holds: { '.tile-unknown .glyph-unknown': 32 },
  },
  'silent-by-rule': {
    scene: silentByRule,
    reads: { [DAY]: ['По регламенту молчит 98 ППЭ', 'до 14:00'], [SIDE]: ['Отклонений нет'] },
    counts: { fail: 0, unknown: 0, warn: 0, ok: 98 },
    rooms: { silentByRule: 98 * 20 },
    holds: { [`${DAY} .glyph-silentByRule`]: 1 },
  },
  'not-involved': {
    scene: notInvolved,
    reads: { '.counts': ['не участвует: 94', 'из 4'], [SIDE]: ['Отклонений нет', '4 ППЭ'] },
    counts: { ok: 4 },
    holds: { '.tile-notInvolved .glyph-notInvolved': 94, '.tile-ok': 4 },
  },
  simulated: {
    scene: simulated,
    reads: { [DAY]: ['ИМИТАЦИЯ', 'в школы не звонить'], [HEADER]: ['имитация'] },
    counts: busy,
    holds: { '.tile-simulated': 98 },
  },
  drill: {
    scene: drill,
    reads: { [DAY]: ['УЧЕБНАЯ ТРЕВОГА: 13 инцидентов помечены учебными'] },
    counts: busy,
    holds: { '.tile .mark-drill': 13 },
  },
  'before-day': {
    scene: beforeDay,
    reads: { [DAY]: ['До апробации 1 день', 'идёт подготовка'], [HEADER]: ['16:10:00'] },
    counts: { ok: 98 },
  },
  'after-day': {
    scene: afterDay,
    reads: {
      [DAY]: ['Апробация завершена в 18:00', 'состояние после неё'],
      [HEADER]: ['18:40:00', 'Все сроки плана позади'],
    },
    counts: { ok: 98 },
  },
  'plan-editing': {
    scene: planEditing,
    reads: { [DAY]: ['План правит admin с 09:39: сроки могут измениться'] },
    counts: { ok: 98 },
  },
  'zero-sites': {
    scene: zeroSites,
    reads: { '.message': [/.+/], [DAY]: ['План апробации не загружен'] },
    counts: { ok: 0 },
    holds: { '.tile': 0 },
  },
  'only-problems': {
    scene: work,
    choice: { path: '/?view=problems' },
    reads: { [SIDE]: ['13 открыто'] },
    counts: busy,
    holds: { '.tile': 13, '.tile-ok': 0 },
  },
  hall: {
    scene: work,
    choice: { path: '/?density=hall' },
    reads: { [HEADER]: ['09:42:19', 'через 17:41'], [SIDE]: ['Ауд. 0007: принтер, нет бумаги'] },
    counts: busy,
    holds: { '.tile': 0 },
  },
  'day-theme': {
    scene: work,
    choice: { path: '/?theme=day' },
    reads: { [SIDE]: ['13 открыто'] },
    counts: busy,
    holds: { '[data-theme=light] .tile': 98 },
  },
  english: {
    scene: work,
    choice: { path: '/?lang=en' },
    reads: { [HEADER]: ['09:42:19', 'Moscow 05:42'], '.footer': ['Live'], [SIDE]: ['13 open'] },
    counts: busy,
    holds: { '[lang=en] .tile': 98 },
  },
  '4k': {
    scene: work,
    choice: { width: 3840, height: 2160 },
    reads: { [HEADER]: ['09:42:19'], [SIDE]: ['13 открыто'] },
    counts: busy,
    holds: { '.tile': 98 },
  },
  'foreign-names': {
    scene: foreignNames,
    reads: { [SIDE]: ['<img src=x'], '.grid': ['<img src=x onerror=alert(1)><b>Школа</b>'] },
    counts: busy,
    holds: { '.tile': 98, 'img, b': 0 },
  },
};

/** Two more ППЭ than the flood has, and the day itself is another one. */
function thirdSilent(): Scene {
  const scene = flood();
  const known = new Set(scene.troubles.map(({ siteCode }) => siteCode));
  const more = scene.sites.filter(({ code }) => !known.has(code)).slice(0, 4);
  const silent = scene.troubles.find(({ verdict }) => verdict === 'unknown') as Trouble;
  const troubles = more.map(({ code }) => ({ ...silent, siteCode: code }));
  return { ...scene, name: 'third-silent', troubles: [...scene.troubles, ...troubles] };
}

/** A line that breaks is told by the browser, too. */
function withoutLine(faults: readonly string[]): string[] {
  return faults.filter((fault) => !/WebSocket|ERR_|503/.test(fault));
}

describe.skipIf(!hasChromium())('unmistakable states of the wall', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(EXACT_PIXELS);
  });
  afterAll(() => browser.close());

  it.each(Object.entries(states))(
    '%s is read in words, has everything in its place and is the reference to the pixel',
    { timeout: 240_000 },
    async (name, { scene, choice, play, reads, counts = {}, holds = {}, rooms = {} }) => {
      const stage = await theatre(scene());
      const here = await seat(stage, { ...choice, browser });
      await play?.(here, stage);
      const { page } = here;
      expect(await page.locator('[aria-busy=true]').count()).toBe(0);
      for (const [where, words] of Object.entries(reads)) {
        const text = (await page.locator(where).allInnerTexts()).join('\n');
        const plain = text.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll(/\s*\n\s*/g, ' ');
        for (const word of words) expect(plain).toMatch(word);
      }
      for (const [verdict, count] of Object.entries(counts)) {
        const told = await page.getByTestId(`count-${verdict}`).innerText();
        expect([verdict, Number(told)]).toEqual([verdict, count]);
      }
      for (const [what, count] of Object.entries(holds))
        expect([what, await page.locator(what).count()]).toEqual([what, count]);
      const looks = (await tilesIn(page.locator('.tile'))).flatMap((tile) => tile.looks);
      for (const [look, count] of Object.entries(rooms))
        expect([look, looks.filter((each) => each === look).length]).toEqual([look, count]);
      expect(await misplacedOn(page)).toEqual(wellPlaced);
      await samePicture(page, name);
      expect(withoutLine(here.faults())).toEqual([]);
    },
  );

  it('has a reference for each of them, and no other', () => {
    expect(referenceNames()).toEqual(Object.keys(states).sort());
  });

  it.each([
    [1920, 1080],
    [3840, 2160],
  ])(
    'has room for 100 ППЭ of 20 rooms at %i×%i without scrolling or cutting',
    { timeout: 240_000 },
    async (width, height) => {
      const here = await seat(await theatre(sized(100, 20)), { width, height, browser });
      const tiles = await tilesIn(here.page.locator('.tile'));
      expect(tiles.map(({ looks }) => looks.length)).toEqual(tiles.map(() => 20));
      expect(tiles.length).toBe(100);
      expect(await misplacedOn(here.page)).toEqual(wellPlaced);
    },
  );

  it(
    'tells a country of 6,000 ППЭ in counts and in a table, everything in its place',
    { timeout: 300_000 },
    async () => {
      const scene = country(6_000);
      const troubles = (['fail', 'fail', 'unknown'] as const).map((verdict, at): Trouble => ({
        siteCode: scene.sites[at]?.code ?? '',
        rooms: null,
        verdict,
        ...(verdict === 'fail'
          ? { check: 'printer.state', reason: 'offline' }
          : { check: 'heartbeat', reason: 'silent' }),
        forMs: 134_000,
        incident: null,
      }));
      const stage = await theatre({ ...scene, troubles });
      const { page, faults } = await seat(stage, { path: '/?view=country', browser });
      const told = async (where: string): Promise<string> =>
        (await page.locator(where).innerText()).replaceAll(/[\u00a0\u202f]/g, ' ');
      for (const [verdict, count] of Object.entries({ fail: '2', unknown: '1', ok: '5 997' }))
        expect([verdict, await told(`[data-testid=count-${verdict}]`)]).toEqual([verdict, count]);
      expect(await told('.country-head')).toContain('6 000 площадок');
      const rows = (await page.locator('.country-table tbody tr').allInnerTexts()).map((row) =>
        row.split(/\s*\t\s*/),
      );
      expect(rows.length).toBe(16);
      expect(rows[0]).toEqual(['Регион 1', '2', '1', '0', '64', '67']);
      expect(rows.slice(1).map(([, fail, unknown]) => `${fail} ${unknown}`)).toEqual(
        Array(15).fill('0 0'),
      );
      expect(await told('.country-pages')).toContain('страница 1 из 6');
      expect(await misplacedOn(page)).toEqual(wellPlaced);
      expect(faults()).toEqual([]);
    },
  );

  it(
    'cuts a title only where there is no room, and says every state of the day',
    { timeout: 240_000 },
    async () => {
      const stage = await theatre({
        ...drill(),
        title: 'Федеральная апробация 15.05.2024, Кузбасс',
        overview: { ...planEditing().overview, warnings: ['diskNearlyFull'] },
      });
      const { page } = await seat(stage, { browser });
      await page.getByTestId('milestone').waitFor();
      const isCut = (): Promise<boolean> =>
        page
          .getByRole('heading', { name: 'Федеральная апробация' })
          .evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
      expect(await isCut()).toBe(false);
      expect(await page.locator('.day-chip').allInnerTexts()).toEqual(['коллектор предупреждает']);
      expect(await misplacedOn(page)).toEqual(wellPlaced);
      await page.setViewportSize({ width: 1200, height: 700 });
      expect(await isCut()).toBe(true);
    },
  );
});
