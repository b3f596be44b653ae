// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { createElement } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MarkList } from '../../board/src/replay/MarkList.tsx';
import type { ReplayClient } from '../../board/src/replay/replay-client.ts';
import type { MarkView } from '../../board/src/replay/use-marks.ts';
import type { FilmClock } from '../../board/src/replay/use-film-clock.ts';

/** happy-dom draws nothing: the list has room for twenty lines of thirty pixels. */
const LINE_PX = 30;
const BOX = { top: 100, bottom: 700, height: 600 };

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const marks = Array.from({ length: 200 }, (_, at): MarkView => ({
  id: `m-${at}`,
  atMs: at * 1_000,
  kind: at % 50 === 0 ? 'person' : 'trouble',
  text: `событие ${at}`,
  by: '',
  note: '',
}));
const clock = { time: String } as unknown as FilmClock;

function opened() {
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    const aside = this.closest('aside') as HTMLElement;
    if (this === aside) return BOX as DOMRect;
    const at = [...aside.querySelectorAll('li')].indexOf(this.closest('li') as HTMLLIElement);
    const top = BOX.top + at * LINE_PX - aside.scrollTop;
    return { top, bottom: top + LINE_PX } as DOMRect;
  });
  const listeners = new Set<() => void>();
  const client = {
    status: { atMs: 0 },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  render(
    createElement(MarkList, {
      client: client as unknown as ReplayClient,
      marks,
      clock,
      isCut: false,
    }),
  );
  const goTo = (atMs: number): void =>
    act(() => {
      client.status = { atMs };
      for (const listener of listeners) listener();
    });
  return { goTo };
}

function current(): Element {
  const line = screen.getByTestId('replay-marks').querySelector('[aria-current]');
  if (!line) throw new Error('no line is the moment');
  return line;
}

function isInSight(): boolean {
  const { top, bottom } = current().getBoundingClientRect();
  return top >= BOX.top && bottom <= BOX.bottom;
}

describe('the list of what happened in a replay', () => {
  it('keeps the line of the moment in sight, whatever was before it', () => {
    const { goTo } = opened();
    for (const second of [3, 19, 20, 45, 120, 199, 60, 0]) {
      goTo(second * 1_000);
      expect([current().textContent, isInSight()]).toEqual([
        `${second * 1_000}событие ${second}`,
        true,
      ]);
    }
  });

  it('lies still while the moment is in sight', () => {
    const { goTo } = opened();
    goTo(5_000);
    const list = screen.getByTestId('replay-marks');
    list.scrollTop = 60;
    goTo(6_000);
    expect(list.scrollTop).toBe(60);
  });

  it('finds it among the deeds of people as well', () => {
    const { goTo } = opened();
    goTo(199_000);
    fireEvent.click(within(screen.getByTestId('replay-marks')).getByRole('checkbox'));
    expect(current().textContent).toContain('событие 150');
    expect(isInSight()).toBe(true);
  });
});
