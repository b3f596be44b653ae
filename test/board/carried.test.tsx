// @vitest-environment happy-dom
import { act, cleanup, configure, render, screen } from '@testing-library/react';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createElement } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import {
  readWorkstation,
  workstationRow,
  type Delta,
  type LiveWorkstation,
  type Snapshot,
  type WorkstationRow,
} from '@ppe-pulse/protocol';
import { App } from '../../board/src/App.tsx';
import type { WorkstationAnswer } from '../../board/src/api/shapes.ts';
import { LiveClient } from '../../board/src/live/live-client.ts';
import { roughlyAgo } from '../../board/src/text/ages.ts';
import { wordsOf } from '../../board/src/text/words-of.ts';
import { broughtText, carriedOf, carriedText, newestCarried } from '../../board/src/ui/carried.ts';
import { Carried } from '../../board/src/workstation/Carried.tsx';

// English and pages are loaded when they are asked for: on a busy machine that takes its time.
configure({ asyncUtilTimeout: 10_000 });

const minute = 60_000;
const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'frames', `${name}.json`), 'utf8');
const snapshot = JSON.parse(fixture('live-snapshot')) as Snapshot;
const nowMs = snapshot.serverTimeMs;
const seen = readWorkstation(snapshot.workstations[0] as WorkstationRow, nowMs);
const isolated: LiveWorkstation = {
  ...seen,
  verdict: 'unknown',
  reason: 'silent',
  lastSeenMs: null,
  carriedAtMs: nowMs - 3 * minute,
  carriedNewestMs: nowMs - 12 * minute,
};

afterEach(() => {
  cleanup();
  history.pushState({}, '', '/');
});

/** The board with a picture of these workstations. */
function board(workstations: readonly LiveWorkstation[]) {
  localStorage.clear();
  const socket = Object.assign(new EventTarget(), {
    send: () => undefined,
    close: () => undefined,
  });
  const live = new LiveClient('http://127.0.0.1', {
    open: () => socket as unknown as WebSocket,
    isSignedOut: async () => false,
    nowMs: () => performance.now(),
    random: () => 0,
  });
  live.start();
  const say = (data: string): void => {
    socket.dispatchEvent(Object.assign(new Event('message'), { data }));
  };
  say(fixture('live-hello'));
  const rows = workstations.map((each) => workstationRow(each, nowMs));
  say(JSON.stringify({ ...snapshot, workstations: rows }));
  render(createElement(App, { live }));
  return { say };
}

describe('what came by flash drive', () => {
  it('is said in both languages, by the age of the data and not of the stick', () => {
    const carried = carriedOf(isolated);
    if (!carried) throw new Error('nothing carried');
    const [ru, en] = [wordsOf('ru'), wordsOf('en')];
    expect(carriedText(ru, carried, nowMs)).toBe('с флешки, 12 мин назад');
    expect(carriedText(en, carried, nowMs)).toBe('by flash drive, 12 min ago');
    expect(broughtText(ru, carried, nowMs)).toBe('принесено 3 мин назад');
    expect(broughtText(en, carried, nowMs)).toBe('brought 3 min ago');
  });

  it('has its age in one unit, with Russian days as people count them', () => {
    const said = (ms: number, language: 'ru' | 'en' = 'ru') => roughlyAgo(wordsOf(language), ms);
    const day = 24 * 60 * minute;
    expect([said(-5), said(0), said(59_999)]).toEqual(['только что', 'только что', 'только что']);
    expect([
      said(minute),
      said(59.9 * minute),
      said(60 * minute),
      said(23.9 * 60 * minute),
    ]).toEqual(['1 мин назад', '59 мин назад', '1 ч назад', '23 ч назад']);
    expect([1, 2, 5, 11, 21].map((days) => said(days * day))).toEqual([
      '1 день назад',
      '2 дня назад',
      '5 дней назад',
      '11 дней назад',
      '21 день назад',
    ]);
    expect([said(1, 'en'), said(day, 'en'), said(2 * day, 'en')]).toEqual([
      'just now',
      '1 day ago',
      '2 days ago',
    ]);
  });

  it('is no news when the line has told something newer', () => {
    expect(carriedOf(seen)).toBeUndefined();
    expect(carriedOf({ ...isolated, lastSeenMs: nowMs - minute })).toBeUndefined();
    // Heard after the stick had left the room, before it arrived.
    expect(carriedOf({ ...isolated, lastSeenMs: nowMs - 5 * minute })).toBeUndefined();
    expect(carriedOf({ ...isolated, lastSeenMs: nowMs - 60 * minute })).toEqual({
      broughtAtMs: nowMs - 3 * minute,
      newestAtMs: nowMs - 12 * minute,
    });
    const { carriedNewestMs: _, ...untold } = isolated;
    expect(carriedOf(untold)?.newestAtMs).toBe(nowMs - 3 * minute);
  });

  it('of a ППЭ is the newest of its workstations', () => {
    const older = { ...isolated, carriedNewestMs: nowMs - 40 * minute };
    expect(newestCarried([older, seen, isolated])?.newestAtMs).toBe(nowMs - 12 * minute);
    expect(newestCarried([seen])).toBeUndefined();
  });
});

describe('the board', () => {
  it('says it on the tile, and in which language it is asked to', async () => {
    board([isolated]);
    const note = screen.getByTestId('carried');
    expect(note.textContent).toBe('с флешки, 12 мин назад');
    expect(note.title).toBe('принесено 3 мин назад');
    const english = await screen.findByText('English');
    act(() => english.click());
    expect(await screen.findByText('by flash drive, 12 min ago')).toBe(
      screen.getByTestId('carried'),
    );
  });

  it('does not say it of a workstation that speaks for itself', () => {
    board([seen]);
    expect(screen.queryByTestId('carried')).toBeNull();
  });

  it('learns it from a delta, and grows older with the collector’s clock', () => {
    const { say } = board([{ ...isolated, carriedAtMs: undefined } as never]);
    expect(screen.queryByTestId('carried')).toBeNull();
    const told = JSON.parse(fixture('live-delta')) as Delta;
    const delta = { ...told, changes: [], flips: [] };
    const deltaMs = told.serverTimeMs;
    act(() => say(JSON.stringify({ ...delta, added: [workstationRow(isolated, deltaMs)] })));
    expect(screen.getByTestId('carried').textContent).toContain('12 мин');
    const beat = JSON.parse(fixture('live-beat')) as object;
    act(() => say(JSON.stringify({ ...beat, serverTimeMs: nowMs + 5 * minute })));
    expect(screen.getByTestId('carried').textContent).toContain('17 мин');
  });
});

describe('the page of a workstation', () => {
  const page = (carried: WorkstationAnswer['carried'] | undefined): void => {
    const answer = { carried } as WorkstationAnswer;
    render(createElement(Carried, { workstation: answer, nowMs }));
  };

  it('lists what was wrong when the drive left the room', () => {
    page({
      importedAt: new Date(nowMs - 3 * minute).toISOString(),
      newestAt: new Date(nowMs - 12 * minute).toISOString(),
      checks: [
        { id: 'printer.state', verdict: 'fail', reason: 'jam', evidence: {} },
        { id: 'pc.cpu', verdict: 'ok', reason: 'ok', evidence: {} },
        { id: 'printer.paper', verdict: 'unknown', reason: 'noPlan', evidence: {} },
      ],
    });
    expect(screen.getByRole('heading').textContent).toBe('с флешки, 12 мин назад');
    expect(screen.getByTestId('carried').textContent).toContain('принесено 3 мин назад');
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
  });

  it('says nothing when nothing was brought, nor for a collector of before', () => {
    page(null);
    page(undefined);
    expect(screen.queryByTestId('carried')).toBeNull();
  });
});
