// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { createElement } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HqFrame } from '@ppe-pulse/protocol';
import { adviceTexts } from '@ppe-pulse/protocol/texts';
import { HqApp } from '../../board/src/hq/HqApp.tsx';
import { HqClient } from '../../board/src/hq/hq-client.ts';
import { hqEn } from '../../board/src/text/hq-en.ts';
import { hqRu } from '../../board/src/text/hq-ru.ts';
import type { Tones } from '../../board/src/ui/tones.ts';
import {
  HQ_AT_MS,
  badFrame,
  calmFrame,
  hqFrame,
  hqWorkstation,
  silent,
} from '../support/hq-frames.ts';

class FakeSocket extends EventTarget {
  close(): void {
    // Closed by the test's end.
  }
}

/** As in a browser without sound; what sounds when, `hq-sound.test.tsx` says. */
const silentTones: Tones = {
  isThere: false,
  isBlocked: () => true,
  unlock: () => Promise.resolve(),
  play: () => undefined,
};

function page(...frames: HqFrame[]) {
  localStorage.clear();
  const sockets: FakeSocket[] = [];
  const client = new HqClient('http://127.0.0.1', {
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    nowMs: () => performance.now(),
    random: () => 1,
  });
  client.start();
  const show = (frame: HqFrame): void => {
    act(() => {
      sockets
        .at(-1)
        ?.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(frame) }));
    });
  };
  render(createElement(HqApp, { client, tones: silentTones }));
  for (const frame of frames) show(frame);
  const close = (): void => act(() => void sockets.at(-1)?.dispatchEvent(new Event('close')));
  return { client, show, close };
}

const text = (): string => (document.body.textContent ?? '').replaceAll('\u00a0', ' ');
const row = (room: string) => within(screen.getByTestId(`room-${room}`));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('the page of the Штаб', () => {
  it('tells the time of its ППЭ, the usual one where the relay tells none that is known', () => {
    const { show } = page({ ...calmFrame, timeZone: 'Asia/Irkutsk' });
    expect(text()).toContain('11:12:00');
    show({ ...calmFrame, timeZone: 'Mars/Olympus' });
    expect(text()).toContain('10:12:00');
    const cut = { ...calmFrame.uplink, state: 'waiting' as const };
    show({ ...calmFrame, timeZone: 'Asia/Irkutsk', uplink: cut });
    expect(screen.getByTestId('hq-incidents').textContent).toContain('10:00');
  });

  it('says that it waits before there is a picture, and what to do when none comes', () => {
    const { close } = page();
    expect(screen.getByText(hqRu.waiting)).toBeTruthy();
    expect(screen.getByText(hqRu.waitingHint)).toBeTruthy();
    close();
    act(() => void vi.advanceTimersByTime(4_000));
    expect(screen.getByRole('alert').textContent).toContain(hqRu.lost);
    expect(screen.getAllByText(hqRu.lostHint).length).toBeGreaterThan(0);
  });

  it('says how a first PC gets here', () => {
    page(hqFrame([], { site: null }));
    expect(screen.getByText(hqRu.noSite)).toBeTruthy();
    expect(screen.getByText(hqRu.nobodyHint)).toBeTruthy();
  });

  it('is calm when nothing is wrong', () => {
    page(calmFrame);
    expect(screen.getByRole('status').textContent).toBe(
      'Всё в порядке: 12 из 12 рабочих мест на связи',
    );
    expect(screen.getByTestId('uplink').textContent).toBe(hqRu.uplink.live);
    expect(screen.queryByText(hqRu.notes)).toBeNull();
    expect(screen.getByText('ППЭ 0042')).toBeTruthy();
    expect(screen.getByText('10:12:00')).toBeTruthy();
  });

  it('says of each fault where it is and what to do', () => {
    page(badFrame);
    const jam = within(screen.getByTestId('cause-jam'));
    expect(jam.getByText('Принтер: замятие бумаги')).toBeTruthy();
    expect(jam.getByText('ауд. 0001 · станция организатора')).toBeTruthy();
    expect(jam.getByText('Откройте принтер и уберите замятую бумагу')).toBeTruthy();
    expect(within(screen.getByTestId('cause-silent')).getByText('молчит 17 мин')).toBeTruthy();
    expect(screen.getByTestId('cause-cloned').textContent).toContain('Два ПК под одним именем');
    expect(row('0007').getByText('двойник')).toBeTruthy();
  });

  it('says since when the line outwards is cut, and that nothing is lost or how much', () => {
    const { show } = page(badFrame);
    const uplink = (): string =>
      (screen.getByTestId('uplink').textContent ?? '').replaceAll('\u00a0', ' ');
    expect(uplink()).toBe(
      'Связи с ситуационным центром нет с 09:12накоплено 1 240 записейничего не потеряно',
    );
    show({ ...badFrame, uplink: { ...badFrame.uplink, dropped: 21 } });
    expect(uplink()).toContain('потеряно 21 запись');
    expect(uplink()).not.toContain('ничего не потеряно');
    show({ ...badFrame, uplink: { ...badFrame.uplink, state: 'live', spooled: 902 } });
    expect(uplink()).toContain('передаётся накопленное: 902 записи');
  });

  it('draws a carried PC by its flash drive and one silent by the plan calmly', () => {
    page(badFrame);
    expect(row('0008').getByText('с флешки, 12 мин назад')).toBeTruthy();
    expect(row('0008').getAllByText('была норма').length).toBeGreaterThan(2);
    cleanup();
    page(hqFrame([hqWorkstation(1, '0010', { verdict: 'silentByRule', reason: 'silentByRule' })]));
    expect(row('0010').getAllByText('по плану').length).toBeGreaterThan(5);
    expect(text()).toContain('Всё в порядке: 0 из 1 рабочего места на связи, 1 по плану без сети');
  });

  it('knows nothing of the devices of a silent PC', () => {
    page(hqFrame([silent(1, '0004', 60_000), ...calmFrame.workstations]));
    expect(row('0004').getAllByText('неизвестно').length).toBeGreaterThan(3);
    fireEvent.click(row('0004').getByRole('button'));
    expect(row('0004').getByText(hqRu.oldReadings)).toBeTruthy();
  });

  it('opens a room by its button or from a fault, and shuts it by Escape', () => {
    page(badFrame);
    fireEvent.click(row('0002').getByRole('button'));
    const pc = within(screen.getByTestId('pc-w-000000000000000b'));
    expect(
      pc.getByText(/источник: принтер по SNMP · состояние: ожидает · тонер: 6,0 %/),
    ).toBeTruthy();
    expect(pc.getByText('Приготовьте запасной картридж: этого может не хватить')).toBeTruthy();
    expect(pc.getByText(/Ждут плана апробации: Принтер: бумага/)).toBeTruthy();
    fireEvent.click(within(screen.getByTestId('cause-scannerAbsent')).getByRole('button'));
    expect(screen.queryByTestId('pc-w-000000000000000b')).toBeNull();
    expect(document.activeElement?.textContent).toBe('ауд. 0006');
    expect(document.activeElement?.getAttribute('aria-expanded')).toBe('true');
    fireEvent.keyDown(document.activeElement as Element, { key: 'Escape' });
    expect(document.activeElement?.getAttribute('aria-expanded')).toBe('false');
  });

  it('shows the first faults and the rest on request', () => {
    const kinds = ['jam', 'noPaper', 'noToner', 'coverOpen', 'offline', 'paused'] as const;
    const others = ['outputFull', 'trayMissing', 'serviceNeeded', 'printerError'] as const;
    const ill = [...kinds, ...others].map((reason, at) =>
      hqWorkstation(at + 1, `000${at}`, { said: [['printer.state', 'fail', reason]] }),
    );
    page(hqFrame(ill));
    const lines = () => screen.getAllByTestId(/^cause-/).length;
    expect(lines()).toBe(8);
    fireEvent.click(screen.getByText('Показать ещё 2'));
    expect(lines()).toBe(10);
    fireEvent.click(screen.getByText(hqRu.showLess));
    expect(lines()).toBe(8);
  });

  it('marks a frozen picture with its age, and goes on when frames do', () => {
    const { show } = page(calmFrame);
    act(() => void vi.advanceTimersByTime(9_000));
    expect(screen.queryByRole('alert')).toBeNull();
    act(() => void vi.advanceTimersByTime(5_000));
    expect(screen.getByRole('alert').textContent).toBe('ДАННЫЕ УСТАРЕЛИкартине на экране 14 с');
    expect(document.querySelector('.watermark')?.textContent).toBe('НЕ АКТУАЛЬНО · 14 с');
    expect(screen.getByText('10:12:14')).toBeTruthy();
    show({ ...calmFrame, atMs: HQ_AT_MS + 20_000 });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('speaks English on request', () => {
    page(badFrame);
    fireEvent.click(screen.getByText('English'));
    expect(screen.getByText(adviceTexts('en').byReason.jam)).toBeTruthy();
    expect(text().replace('Русский', '')).not.toMatch(/[а-яё]/i);
  });

  it('shows nobody’s markup as text, and a reason that it does not know', () => {
    const evil = '<img src=x onerror=alert(1)>';
    page(hqFrame([hqWorkstation(1, '0001', { said: [['printer.state', 'fail', evil]] })]));
    expect(document.querySelector('img')).toBeNull();
    expect(screen.getByText(adviceTexts('ru').unknown)).toBeTruthy();
    cleanup();
    page(hqFrame([hqWorkstation(1, '0001', { said: [['printer.state', 'fail', 'toString']] })]));
    expect(screen.getAllByText(/toString/).length).toBeGreaterThan(0);
  });
});

describe('the texts of the Штаб page', () => {
  it('are the same set in both languages but for the short words', () => {
    const keys = (value: object): string[] =>
      Object.entries(value).flatMap(([key, each]) =>
        typeof each === 'object' && key !== 'short' && key !== 'bySubject'
          ? keys(each as object).map((rest) => `${key}.${rest}`)
          : [key],
      );
    expect(keys(hqRu).sort()).toEqual(keys(hqEn).sort());
  });

  it('have short words that fit into a cell', () => {
    for (const word of Object.values(hqRu.short)) expect(word.length).toBeLessThanOrEqual(22);
  });
});
