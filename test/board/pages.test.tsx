// @vitest-environment happy-dom
import { act, cleanup, configure, fireEvent, render, screen } from '@testing-library/react';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createElement } from 'react';
import { readWorkstation, workstationRow, type Snapshot } from '@ppe-pulse/protocol';
import { App } from '../../board/src/App.tsx';
import { LiveClient } from '../../board/src/live/live-client.ts';
import { en } from '../../board/src/text/en.ts';
import { ru } from '../../board/src/text/ru.ts';
import { wordsOf } from '../../board/src/text/words-of.ts';
import { chartRows } from '../../board/src/workstation/chart-rows.ts';

// English and pages are loaded when they are asked for: on a busy machine that takes its time.
configure({ asyncUtilTimeout: 10_000 });

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'frames', `${name}.json`), 'utf8');

class FakeSocket extends EventTarget {
  send(): void {
    // What the page says is tested elsewhere.
  }
  close(): void {
    // Closed by the test's end.
  }
}

function page(...frames: string[]) {
  localStorage.clear();
  const socket = new FakeSocket();
  const live = new LiveClient('http://127.0.0.1', {
    open: () => socket as unknown as WebSocket,
    isSignedOut: async () => false,
    nowMs: () => performance.now(),
    random: () => 0,
  });
  live.start();
  for (const frame of frames)
    socket.dispatchEvent(Object.assign(new Event('message'), { data: frame }));
  render(createElement(App, { live }));
  return { live, socket };
}

beforeEach(() => history.pushState({}, '', '/'));
afterEach(cleanup);

describe('wall', () => {
  it('says that it waits before there is a picture', () => {
    page();
    expect(screen.getAllByText(ru.waiting).length).toBeGreaterThan(0);
  });

  it('shows ППЭ with what is worst in words, and counts', () => {
    page(fixture('live-hello'), fixture('live-snapshot'));
    expect(screen.getByTestId('tile-0042').className).toContain('tile-warn');
    expect(screen.getByTestId('tile-0042').textContent).toContain('Отклик сети');
    expect(screen.getByTestId('count-ok').textContent).toBe('1');
  });

  it('shows the worst ППЭ first, also in a picture that comes after the page', () => {
    const picture = JSON.parse(fixture('live-snapshot')) as Snapshot;
    const [first] = picture.workstations;
    if (!first) throw new Error('no workstation');
    const ill = readWorkstation(first, picture.serverTimeMs);
    const well = {
      ...ill,
      index: 1,
      id: 'w-00000000000000aa',
      placement: { ...ill.placement, siteCode: '0001' },
      verdict: 'ok' as const,
      reason: 'ok',
      problems: [],
    };
    picture.workstations.push(workstationRow(well, picture.serverTimeMs));
    const { socket } = page();
    act(() => {
      for (const data of [fixture('live-hello'), JSON.stringify(picture)])
        socket.dispatchEvent(Object.assign(new Event('message'), { data }));
    });
    expect(screen.getAllByTestId(/^tile-\d/).map((tile) => tile.dataset.testid)).toEqual([
      'tile-0042',
      'tile-0001',
    ]);
  });

  it('is grey when nothing is wrong, and can show problems only', () => {
    page(fixture('live-hello'), fixture('live-snapshot'), fixture('live-delta'));
    expect(screen.getByTestId('tile-0042').className).toContain('tile-ok');
    fireEvent.click(screen.getByLabelText(ru.onlyProblems));
    expect(screen.queryByTestId('tile-0042')).toBeNull();
    expect(screen.getByText(ru.noProblems)).toBeTruthy();
  });

  it('speaks English and turns light on request, and remembers', async () => {
    page(fixture('live-hello'), fixture('live-snapshot'));
    fireEvent.click(await screen.findByText(ru.otherLanguage));
    expect(await screen.findByText(en.onlyProblems)).toBeTruthy();
    fireEvent.click(screen.getByText(en.theme.light));
    expect(document.documentElement.dataset.theme).toBe('light');
    expect(document.documentElement.lang).toBe('en');
    expect(JSON.parse(localStorage.getItem('ppe-pulse.settings') ?? '')).toMatchObject({
      theme: 'light',
      language: 'en',
      isMuted: false,
    });
  });

  it('shows nobody’s markup as text', () => {
    const evil = fixture('live-snapshot').replaceAll('slowReply', '<img src=x onerror=alert(1)>');
    page(fixture('live-hello'), evil);
    expect(document.querySelector('img')).toBeNull();
  });
});

describe('texts', () => {
  it('are the same set in both languages', () => {
    const keys = (value: object): string[] =>
      Object.entries(value).flatMap(([key, each]) =>
        typeof each === 'object' ? keys(each as object).map((rest) => `${key}.${rest}`) : [key],
      );
    expect(keys(ru).sort()).toEqual(keys(en).sort());
  });

  it('count in Russian as people do', () => {
    const { count } = wordsOf('ru');
    const said = [0, 1, 2, 5, 11, 21, 22, 101, 111].map((n) => count(n, ru.workstations));
    expect(said).toEqual([
      '0 рабочих мест',
      '1 рабочее место',
      '2 рабочих места',
      '5 рабочих мест',
      '11 рабочих мест',
      '21 рабочее место',
      '22 рабочих места',
      '101 рабочее место',
      '111 рабочих мест',
    ]);
  });

  it('stand in dictionaries and not in pages', () => {
    const sources = readdirSync(join(import.meta.dirname, '../../board/src'), {
      recursive: true,
      encoding: 'utf8',
    }).filter((name) => name.endsWith('.tsx'));
    for (const name of sources) {
      const text = readFileSync(
        join(import.meta.dirname, '../../board/src', name),
        'utf8',
      ).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      expect([name, /[А-Яа-яЁё]/.test(text)]).toEqual([name, false]);
    }
  });
});

describe('chart rows', () => {
  const series = (metric: string, times: number[]) => ({
    metric,
    unit: 'ms',
    from: '',
    to: '',
    bucketMs: 3_000,
    points: times.map((at) => ({
      at: new Date(at).toISOString(),
      min: 1,
      mean: 2,
      max: 3,
      count: 1,
    })),
  });

  it('break a line where nothing was measured, but not where it is measured rarely', () => {
    const broken = chartRows([series('net.rtt.ms', [0, 3_000, 60_000])], new Set());
    expect(broken.map((row) => row['net.rtt.ms'])).toEqual([2, 2, undefined, 2]);
    const sparse = chartRows(
      [series('net.down.bytesPerSecond', [0, 600_000])],
      new Set(['net.down.bytesPerSecond']),
    );
    expect(sparse.map((row) => row.atMs)).toEqual([0, 600_000]);
  });

  it('join several metrics by moment', () => {
    const rows = chartRows([series('a', [0, 3_000]), series('b', [3_000])], new Set());
    expect(rows).toEqual([
      { atMs: 0, a: 2 },
      { atMs: 3_000, a: 2, b: 2 },
    ]);
  });
});
