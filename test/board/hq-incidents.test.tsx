// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { createElement } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HqFrame, HqIncident } from '@ppe-pulse/protocol';
import { HqApp } from '../../board/src/hq/HqApp.tsx';
import { HqClient } from '../../board/src/hq/hq-client.ts';
import { hqEn } from '../../board/src/text/hq-en.ts';
import { hqRu } from '../../board/src/text/hq-ru.ts';
import type { Tones } from '../../board/src/ui/tones.ts';
import { HQ_AT_MS, calmFrame, hqFrame, hqWorkstation } from '../support/hq-frames.ts';
import { hqIncident, hqIncidents, providerCut } from '../support/hq-incidents.ts';

const MIN = 60_000;
const jammed = hqWorkstation(10, '0001', { said: [['printer.state', 'fail', 'jam']] });
const cut: HqFrame['uplink'] = {
  state: 'waiting',
  sinceMs: HQ_AT_MS - 41 * MIN,
  spooled: 40,
  dropped: 0,
};

/** A browser that blocks sound until it is asked, or does not; what was played stands in `played`. */
function fakeTones({ isBlocked = false } = {}) {
  const played: string[] = [];
  const state = { isBlocked };
  const tones: Tones = {
    isThere: true,
    isBlocked: () => state.isBlocked,
    unlock: () => {
      state.isBlocked = false;
      return Promise.resolve();
    },
    play: (kind) => void (state.isBlocked || played.push(kind)),
  };
  return { tones, played };
}

function page(first: HqFrame, { tones, played } = fakeTones()) {
  const sockets: EventTarget[] = [];
  const client = new HqClient('http://127.0.0.1', {
    open: () => {
      const socket = Object.assign(new EventTarget(), { close: () => undefined });
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    nowMs: () => performance.now(),
    random: () => 1,
  });
  client.start();
  const show = (frame: unknown): void => {
    const data = JSON.stringify(frame);
    act(() => void sockets.at(-1)?.dispatchEvent(Object.assign(new Event('message'), { data })));
  };
  render(createElement(HqApp, { client, tones }));
  show(first);
  return { show, played, pass: (ms: number) => act(() => void vi.advanceTimersByTime(ms)) };
}

const showing = (incidents: readonly HqIncident[], part: Partial<HqFrame> = {}): HqFrame =>
  hqFrame([jammed], { incidents: hqIncidents(incidents), ...part });
const plain = (element: Element | null): string =>
  (element?.textContent ?? '').replaceAll('\u00a0', ' ');
const list = (): string => plain(screen.queryByTestId('hq-incidents'));
const sound = (): HTMLElement => screen.getByTestId('sound');

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('the incidents on the page of the Штаб', () => {
  it('are those of the situation centre, with who has them, since when, and what they are', () => {
    page(
      showing([
        providerCut(17),
        hqIncident(21, {
          openedAtMs: HQ_AT_MS - 26 * 3_600_000,
          isDrill: true,
          isUnstable: true,
          severity: 'warning',
        }),
        hqIncident(22, { isUnheard: true, isSimulated: true, snoozedUntilMs: HQ_AT_MS + 18 * MIN }),
      ]),
    );
    const wide = plain(screen.getByTestId('incident-i-17'));
    expect(wide).toContain('Провайдер «Связь-1»');
    expect(wide).toContain('14 ППЭ');
    expect(wide).toContain('принят в 10:09, назначен: провайдер');
    expect(wide).toContain('с 10:00, 12 мин');
    const drill = plain(screen.getByTestId('incident-i-21'));
    expect(drill).toContain('УЧЕБНЫЙ');
    expect(drill).toContain('то есть, то нет');
    expect(drill).toContain('с 14.05 08:12');
    expect(drill).toContain('никто не принял: 1 сут 02 ч');
    const aside = plain(screen.getByTestId('incident-i-22'));
    expect(aside).toContain('отложен до 10:30');
    expect(aside).toContain('ИМИТАЦИЯ');
    expect(aside).toContain('не слышно');
    expect(aside).not.toContain('никто не принял');
    expect(list()).toContain('последнее изменение в 10:11');
  });

  it('say when the situation centre does not see us and how old they are then', () => {
    const { show } = page(showing([providerCut(17)], { uplink: cut }));
    expect(list()).toContain('Ситуационный центр не видит нас с 09:31');
    expect(list()).toContain('ниже то, что он знал тогда');
    expect(screen.getByTestId('incident-i-17')).toBeTruthy();
    show(showing([], { uplink: cut }));
    expect(list()).toContain('тогда открытых инцидентов здесь не было');
    show(showing([], { uplink: cut, incidents: hqIncidents([], { atMs: null }) }));
    expect(list()).toContain('что он знает, неизвестно');
    show(
      showing([providerCut(17)], {
        incidents: hqIncidents([providerCut(17)], { isCurrent: false }),
      }),
    );
    expect(list()).toContain('новое ещё не пришло');
    show(showing([], { incidents: hqIncidents([], { isCurrent: false }) }));
    expect(list()).toContain('ещё не сказал');
  });

  it('are no section of the page where a collector never speaks of them', () => {
    page(calmFrame);
    expect(screen.queryByTestId('hq-incidents')).toBeNull();
  });

  it('say that there are none, and how many did not fit', () => {
    const { show } = page(showing([]));
    expect(list()).toContain('открытых инцидентов здесь нет');
    const many = Array.from({ length: 9 }, (_, at) => hqIncident(at + 1));
    show(showing(many, { incidents: hqIncidents(many, { total: 60 }) }));
    expect(list()).toContain('и ещё 51');
    expect(screen.getAllByTestId(/^incident-/)).toHaveLength(4);
    fireEvent.click(within(screen.getByTestId('hq-incidents')).getByText('Показать ещё 5'));
    expect(screen.getAllByTestId(/^incident-/)).toHaveLength(9);
  });

  it('mark what is seen here as known, so that nobody needs to call', () => {
    const { show } = page(showing([hqIncident(21)]));
    const jam = (): string => plain(screen.getByTestId('cause-jam'));
    expect(jam()).toContain('ситуационный центр знает с 10:05, пока никто не принял');
    show(showing([hqIncident(21, { acknowledgedAtMs: HQ_AT_MS - 2 * MIN })]));
    expect(jam()).toContain('ситуационный центр знает, принял в 10:10');
    show(showing([hqIncident(21, { silencedUntilMs: HQ_AT_MS + MIN })]));
    expect(jam()).toContain('знает и отложил');
    show(showing([hqIncident(21)], { uplink: cut }));
    expect(jam()).toContain('ситуационный центр знал с 10:05, тогда ещё никто не принял');
    expect(list()).toContain('тогда ещё никто не принял');
    show(showing([]));
    expect(jam()).not.toContain('ситуационный центр');
  });

  it('never name who took them, whatever a relay says', () => {
    const named = { ...providerCut(17), acknowledgedBy: 'ivanov' };
    const { show } = page(calmFrame);
    show(showing([named as unknown as HqIncident]));
    expect(screen.getByTestId('incident-i-17')).toBeTruthy();
    expect(document.body.textContent).not.toContain('ivanov');
  });

  it('do not break the page when a relay of another day leaves them out or sends odd ones', () => {
    const { show } = page(showing([hqIncident(21)]));
    const { incidents: _left, ...older } = showing([]);
    show(older);
    expect(screen.getByTestId('cause-jam')).toBeTruthy();
    expect(screen.queryByTestId('hq-incidents')).toBeNull();
    const odd = [
      null,
      7,
      'i-1',
      {},
      hqIncident(9, { level: 'galaxy' as never }),
      hqIncident(9, { openedAtMs: 1e300 }),
      hqIncident(9, { acknowledgedAtMs: '09:34' as never }),
      hqIncident(9, { siteCodes: undefined as never }),
    ];
    for (const item of odd) {
      show(showing([item as unknown as HqIncident, hqIncident(22)]));
      expect(screen.getAllByTestId(/^incident-/).map(({ dataset }) => dataset.testid)).toEqual([
        'incident-i-22',
      ]);
      expect(screen.getByTestId('cause-jam')).toBeTruthy();
    }
    const strange = { assignee: 'toString', deviceKind: 'teapot', device: -1, evidence: 'x' };
    show(showing([hqIncident(23, strange as never)]));
    expect(plain(screen.getByTestId('incident-i-23'))).toContain('назначен: toString');
  });

  it('are told in English as well', () => {
    page(showing([providerCut(17)], { uplink: cut }));
    fireEvent.click(screen.getByText('English'));
    expect(list()).toContain('The situation centre has not seen us since 09:31');
    expect(list()).toContain('taken at 10:09');
    expect(Object.keys(hqEn.incidents)).toEqual(Object.keys(hqRu.incidents));
  });
});

describe('the sound of the Штаб', () => {
  it('calls on a new critical incident, every minute until somebody takes it, and then no more', () => {
    const { show, played, pass } = page(showing([]));
    expect(sound().textContent).toBe(hqRu.incidents.sound.on);
    pass(5_000);
    expect(played).toEqual([]);
    show(showing([hqIncident(21)]));
    expect(played).toEqual(['critical']);
    pass(59_000);
    expect(played).toHaveLength(1);
    pass(1_500);
    expect(played).toHaveLength(2);
    show(showing([hqIncident(21, { acknowledgedAtMs: HQ_AT_MS })]));
    pass(120_000);
    expect(played).toHaveLength(2);
  });

  it('calls on a new failure here only while the situation centre does not see us', () => {
    const { show, played } = page(hqFrame([jammed], { uplink: { ...cut, state: 'live' } }));
    expect(played).toEqual([]);
    show(hqFrame([jammed], { uplink: cut }));
    expect(played).toEqual(['critical']);
    const second = { ...jammed, id: 'w-00000000000000bb' };
    show(hqFrame([jammed, second], { uplink: cut }));
    expect(played).toEqual(['critical', 'critical']);
  });

  it('can be muted, says so, and is remembered', () => {
    const { show, played } = page(showing([]));
    fireEvent.click(sound());
    expect(sound().textContent).toBe(hqRu.incidents.sound.muted);
    show(showing([hqIncident(21)]));
    expect(played).toEqual([]);
    cleanup();
    const again = page(showing([hqIncident(21)]));
    expect(sound().textContent).toBe(hqRu.incidents.sound.muted);
    expect(again.played).toEqual([]);
  });

  it('is turned on with a sound of what it would have said', async () => {
    localStorage.setItem('ppe-pulse.settings', JSON.stringify({ isMuted: true }));
    const { played } = page(showing([hqIncident(21)]));
    await act(async () => void fireEvent.click(sound()));
    expect(sound().textContent).toBe(hqRu.incidents.sound.on);
    expect(played).toEqual(['critical']);
  });

  it('says that the browser does not allow it, and asks it by one press', async () => {
    const { played, pass } = page(showing([hqIncident(21)]), fakeTones({ isBlocked: true }));
    expect(sound().textContent).toBe(hqRu.incidents.sound.blocked);
    expect(played).toEqual([]);
    // A finger goes down before it comes up: the press must not turn off what it has just allowed.
    fireEvent.pointerDown(sound());
    await act(async () => void fireEvent.click(sound()));
    pass(500);
    expect(sound().textContent).toBe(hqRu.incidents.sound.on);
    expect(played).toEqual(['critical']);
  });

  it('is allowed by any press on the page', () => {
    const { show, played, pass } = page(showing([]), fakeTones({ isBlocked: true }));
    fireEvent.pointerDown(document.body);
    pass(500);
    expect(sound().textContent).toBe(hqRu.incidents.sound.on);
    show(showing([hqIncident(21)]));
    expect(played).toEqual(['critical']);
  });

  it('stops repeating what people here have heard, until something new comes', () => {
    const { show, played, pass } = page(showing([hqIncident(21)]));
    fireEvent.click(screen.getByText(hqRu.incidents.hush));
    pass(180_000);
    expect(played).toEqual(['critical']);
    expect(screen.queryByText(hqRu.incidents.hush)).toBeNull();
    show(showing([hqIncident(21), providerCut(22, { acknowledgedAtMs: null })]));
    expect(played).toEqual(['critical', 'critical']);
    show(showing([]));
    show(showing([hqIncident(21)]));
    expect(played).toHaveLength(3);
  });

  it('says where a browser has none', () => {
    const { tones } = fakeTones({ isBlocked: true });
    page(showing([]), { tones: { ...tones, isThere: false }, played: [] });
    expect(sound().textContent).toBe(hqRu.incidents.sound.missing);
    expect(sound()).toHaveProperty('disabled', true);
  });
});
