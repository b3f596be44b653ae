// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { lazy, type ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ru } from '../../board/src/text/ru.ts';
import { Part } from '../../board/src/ui/Part.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

/** A part whose file is gone, as after an update of the collector. */
const Gone = lazy(async (): Promise<{ default: () => ReactNode }> => {
  throw new TypeError('Failed to fetch dynamically imported module');
});

describe('a part of a page', () => {
  it('that does not load says so in its place with a way out, and the rest stays', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const picture = (address: string, part: ReactNode): ReactNode => (
      <>
        <h1>ППЭ·Пульс</h1>
        <Part of={address}>{part}</Part>
      </>
    );
    const { rerender } = render(picture('/alerts', <Gone />));
    expect((await screen.findByRole('alert')).textContent).toContain(ru.partFailed);
    expect(screen.getByRole('button', { name: ru.reload })).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'ППЭ·Пульс' })).toBeTruthy();
    // Another page is not lost with it.
    rerender(picture('/', <p>Инцидентов нет</p>));
    expect(screen.getByText('Инцидентов нет')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
