import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXACT_PIXELS, hasChromium, launchBrowser } from '../support/chromium.ts';
import { referenceNames, samePicture } from '../support/pictures.ts';
import { misplacedOn, wellPlaced } from '../support/placement.ts';
import type { Showing } from '../support/theatre/cast.ts';
import type { Scene, Trouble } from '../support/theatre/scene.ts';
import {
  afterDay,
  beforeDay,
  calm,
  drill,
  flood,
  floodOfCauses,
  foreignNames,
  notInvolved,
  planEditing,
  silentByRule,
  simulated,
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
  // Between two orders: at the end of a row, under a name, in the second row of cells or without one.
  broken: {
    scene: calm,
    play: breaksOnStage,
    reads: { '.is-fresh .tile-reason': ['Бумага 2', 'Порталы', 'Программа', 'нет сигнала'] },
    counts: { fail: 2, unknown: 1, warn: 1, ok: 94 },
    holds: { '.is-fresh.is-terse': 4, '.is-wide': 0 },
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
      [SIDE]: ['Массовая потеря связи: 28 ППЭ (28,6 %)', 'провайдер «Связь-2»', 'замолчали за 6 с'],
    },
    counts: { unknown: 28 },
    holds: { '.tile-unknown .glyph-unknown': 28, '.mass-loss': 1 },
  },
  'flood-of-causes': {
    scene: floodOfCauses,
    reads: {
      '.flood-banner': ['лавина: 13 за 10 мин'],
      '.mass-loss': ['Массовая потеря связи: 28 ППЭ', 'замолчали за 6 с · длится 2:08', 'и ещё'],
      '.problem-list': ['первое', 'без ответственного'],
    },
    counts: { unknown: 28 },
    holds: { '.mass-loss': 1, '.problem-list > li': 3 },
  },
  'third-silent': {
    scene: thirdSilent,
    reads: { [DAY]: [/Не слышно 32 ППЭ из 98|Не слышно 32 из 98/, '32,7 %'] },
    counts: { unknown: 32 },
    holds: { '.tile-unknown .glyph-unknown': 32 },
  },
  'silent-by-rule': {
    scene: silentByRule,
    reads: {
      [DAY]: ['По регламенту молчит 98 ППЭ', 'до 14:00'],
      [SIDE]: ['Отклонений нет', 'камер с потоком 0 из 3 920, по регламенту: 3 920'],
    },
    counts: { fail: 0, unknown: 0, warn: 0, ok: 98 },
    rooms: { silentByRule: 98 * 20 },
    holds: {
      [`${DAY} .glyph-silentByRule`]: 1,
      '.camera-panel .glyph-silentByRule': 1,
      '.camera-panel .glyph-unknown': 0,
    },
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

/** Four ППЭ break after the wall was put in order: one silent as a whole, of the others the Штаб. */
async function breaksOnStage({ page, settle }: Seat, stage: Stage): Promise<void> {
  const { cast, scene } = stage;
  const at = (index: number, isHit: (roomCode: string) => boolean): string[] =>
    [...cast.all()]
      .filter(({ placement }) => placement.siteCode === scene.sites[index]?.code)
      .flatMap(({ id, placement }) => (isHit(placement.roomCode) ? [id] : []));
  const show = (index: number, showing: Showing): void => {
    const isSilent = showing.verdict === 'unknown';
    for (const id of at(index, (room) => isSilent || room === '7777')) cast.show(id, showing);
  };
  show(0, { verdict: 'fail', check: 'printer.2.paper', reason: 'noPaper' });
  show(3, { verdict: 'fail', check: 'net.portal', reason: 'noAnswer' });
  show(7, { verdict: 'warn', check: 'app.running', reason: 'notRunning' });
  show(40, { verdict: 'unknown' });
  stage.edit({});
  await page.getByTestId('count-fail').getByText('2').waitFor();
  await page.locator('.tile-unknown .tile-reason').waitFor();
  await settle();
}

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
});
