// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { Reloader, type ReloadEnvironment } from '../../board/src/life/reloader.ts';
import { isSomebodyWriting } from '../../board/src/life/unsaved.ts';

/** A page of build `aaaa` whose waits a test ends. */
function page(part: Partial<ReloadEnvironment> = {}) {
  const kept = new Map<string, string>();
  const waits: { ms: number; end: () => void }[] = [];
  const done: string[] = [];
  const reloader = new Reloader({
    ownBuild: 'aaaa',
    servedBuild: async () => 'bbbb',
    isBusy: () => false,
    prepare: async () => void done.push('prepare'),
    reload: () => void done.push('reload'),
    random: () => 0.5,
    wait: (ms) => new Promise((end) => waits.push({ ms, end })),
    wallMs: () => 1_000_000,
    memory: {
      get: (key) => kept.get(key) ?? null,
      set: (key, value) => void (value === null ? kept.delete(key) : kept.set(key, value)),
    },
    ...part,
  });
  /** Lets the next wait end, and everything that follows happen. */
  const pass = async (): Promise<number | undefined> => {
    const next = waits.shift();
    next?.end();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    return next?.ms;
  };
  return { reloader, done, waits, pass };
}

describe('a deploy', () => {
  it('loads the page anew at a moment of its own, with the files brought before', async () => {
    const { reloader, done, pass } = page();
    reloader.told('0.1.0-bbbb');
    expect(await pass()).toBe(15_000);
    expect(done).toEqual(['prepare', 'reload']);
  });

  it('that is this very board, or none, loads nothing', async () => {
    const { reloader, waits } = page();
    reloader.told(null);
    reloader.told('0.1.0-aaaa');
    expect(waits).toEqual([]);
    const unbuilt = page({ ownBuild: '' });
    unbuilt.reloader.told('0.1.0');
    unbuilt.reloader.partMissing();
    expect(unbuilt.waits).toEqual([]);
  });

  it('of the collector alone, without another board, loads nothing', async () => {
    const { reloader, done, pass, waits } = page({ servedBuild: async () => 'aaaa' });
    reloader.told('0.2.0-cccc');
    await pass();
    expect([done, waits]).toEqual([[], []]);
  });

  it('waits while somebody writes, also when they began while the files came', async () => {
    let isBusy = true;
    const { reloader, done, pass } = page({
      isBusy: () => isBusy,
      prepare: async () => void (isBusy = true),
    });
    reloader.told('0.1.0-bbbb');
    await pass();
    expect(await pass()).toBe(5_000);
    isBusy = false;
    await pass();
    expect(done).toEqual([]);
    await pass();
    expect(done).toEqual([]);
  });

  it('waits for a collector that does not say what it serves', async () => {
    let served: string | null = null;
    const { reloader, done, pass } = page({ servedBuild: async () => served });
    reloader.told('0.1.0-bbbb');
    await pass();
    await pass();
    expect(done).toEqual([]);
    served = 'bbbb';
    await pass();
    expect(done).toEqual(['prepare', 'reload']);
  });

  it('is followed once for each board: a page that stays old does not reload for ever', async () => {
    const { reloader, done, pass, waits } = page();
    reloader.told('0.1.0-bbbb');
    await pass();
    reloader.told('0.1.1-bbbb');
    await pass();
    expect(done).toEqual(['prepare', 'reload']);
    expect(waits).toEqual([]);
  });

  it('is told with every connection and considered once at a time', async () => {
    const { reloader, waits } = page();
    reloader.told('0.1.0-bbbb');
    reloader.told('0.1.0-bbbb');
    reloader.told('0.1.0-cccc');
    reloader.partMissing();
    expect(waits).toHaveLength(1);
  });
});

describe('a part of the page that does not come', () => {
  it('loads the page anew when the collector answers, at most every ten minutes', async () => {
    let wallMs = 1_000_000;
    const { reloader, done, pass } = page({
      servedBuild: async () => 'aaaa',
      wallMs: () => wallMs,
    });
    reloader.partMissing();
    await pass();
    reloader.partMissing();
    await pass();
    expect(done).toEqual(['prepare', 'reload']);
    wallMs += 10 * 60_000;
    reloader.partMissing();
    await pass();
    expect(done).toEqual(['prepare', 'reload', 'prepare', 'reload']);
  });
});

describe('somebody writes', () => {
  const writes = (html: string, focus?: string): boolean => {
    document.body.innerHTML = html;
    if (focus !== undefined) document.querySelector<HTMLElement>(focus)?.focus();
    return isSomebodyWriting(document);
  };

  it.each([
    ['a cursor in an empty field', '<form><input id="a"></form>', '#a'],
    ['a cursor in a field without a form', '<textarea id="a"></textarea>', '#a'],
    ['text in a form', '<form><textarea>меняют роутер</textarea></form>', undefined],
    ['an open dialog', '<dialog open></dialog>', undefined],
    ['a part that says so', '<div data-unsaved></div>', undefined],
  ])('for %s', (_, html, focus) => {
    expect(writes(html, focus)).toBe(true);
  });

  it.each([
    ['a wall', '<main><h1>ППЭ</h1><button>Тема</button></main>', 'button'],
    ['an empty form', '<form><input><textarea></textarea></form>', undefined],
    ['a search', '<form><input type="search" value="0042"></form>', undefined],
    ['a switch', '<form><input type="checkbox" value="on" checked></form>', undefined],
  ])('and nobody for %s', (_, html, focus) => {
    expect(writes(html, focus)).toBe(false);
  });
});
