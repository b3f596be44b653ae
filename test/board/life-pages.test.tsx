// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { createElement } from 'react';
import { reduceLive, nothingKnown, type LiveState } from '@ppe-pulse/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { App } from '../../board/src/App.tsx';
import { lifeRu } from '../../board/src/life/life-ru.ts';
import { LiveClient } from '../../board/src/live/live-client.ts';
import { ru } from '../../board/src/text/ru.ts';
import { deltaOf, fakeApi, incidentOf, openBoard, snapshotOf } from '../support/board-page.ts';

beforeEach(() => {
  history.pushState({}, '', '/');
  localStorage.clear();
  sessionStorage.clear();
  fakeApi(() => undefined);
});
afterEach(() => {
  cleanup();
  document.documentElement.removeAttribute('data-kiosk');
  history.pushState({}, '', '/');
});

/** A board whose collector refuses it, with a picture or without. */
async function refused(state?: LiveState): Promise<void> {
  const socket = Object.assign(new EventTarget(), {
    send: () => undefined,
    close: () => undefined,
  });
  const live = new LiveClient('http://127.0.0.1', {
    open: () => socket as unknown as WebSocket,
    isSignedOut: async () => true,
    nowMs: () => performance.now(),
    random: () => 1,
  });
  live.start();
  if (state) live.restore(state, 4 * 60_000);
  render(createElement(App, { live }));
  socket.dispatchEvent(new Event('close'));
  await waitFor(() => expect(live.line.isRefused).toBe(true));
  live.stop();
}

describe('a board that the collector does not know any more', () => {
  it('keeps its picture, drained and marked, and says what to do', async () => {
    await refused(reduceLive(nothingKnown, snapshotOf()).state);
    const alert = await screen.findByText(ru.signedOut);
    expect(alert.closest('[role=alert]')?.textContent).toContain(ru.signedOutHint);
    expect(screen.getByTestId('tile-4216')).toBeTruthy();
    expect(document.querySelector('.shell-lost .watermark')?.textContent).toContain(
      ru.asOf('09:36'),
    );
  });

  it('says only what to do where there is no picture', async () => {
    await refused();
    expect(await screen.findByRole('heading', { name: ru.signedOut })).toBeTruthy();
    expect(screen.queryByText(ru.watermark, { exact: false })).toBeNull();
  });
});

describe('a picture that an earlier page kept', () => {
  it('is shown as what it is: not current, and of when', () => {
    const live = new LiveClient('http://127.0.0.1', {
      open: () =>
        Object.assign(new EventTarget(), { send: () => undefined }) as unknown as WebSocket,
      isSignedOut: async () => false,
      nowMs: () => performance.now(),
      random: () => 1,
    });
    live.restore(reduceLive(nothingKnown, snapshotOf()).state, 20 * 60_000);
    render(createElement(App, { live }));
    expect(screen.getByRole('alert').textContent).toContain(ru.lost);
    expect(screen.getByRole('alert').textContent).toContain(ru.asOf('09:36'));
    expect(screen.getByTestId('tile-4216')).toBeTruthy();
  });
});

describe('a kiosk', () => {
  it('is said to the style, stays for the tab, and is left by Escape twice', async () => {
    const { unmount } = openBoard('/?kiosk=1', snapshotOf());
    const root = document.documentElement;
    await waitFor(() => expect(root.hasAttribute('data-kiosk')).toBe(true));
    expect(await screen.findByText(lifeRu.kioskHint)).toBeTruthy();
    unmount();
    openBoard('/', snapshotOf());
    await screen.findByText(lifeRu.kioskHint);
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(root.hasAttribute('data-kiosk')).toBe(true);
    fireEvent.keyDown(document.body, { key: 'Escape' });
    await waitFor(() => expect(root.hasAttribute('data-kiosk')).toBe(false));
    expect(screen.queryByText(lifeRu.kioskHint)).toBeNull();
    expect(sessionStorage.getItem('ppe-pulse.kiosk')).toBeNull();
  });

  it('says that nobody keeps its screen on where the page is not secure', async () => {
    openBoard('/?kiosk=1', snapshotOf());
    expect(await screen.findByText(lifeRu.noWakeLock)).toBeTruthy();
  });
});

describe('views in turn', () => {
  it('begin with the first, stop for a new critical incident on the wall, and go on when it is taken', async () => {
    const { tell } = openBoard('/?rotate=incidents,rehearsal&every=600', snapshotOf());
    await waitFor(() => expect(location.pathname).toBe('/incidents'));
    expect(await screen.findByRole('progressbar', { name: lifeRu.rotation })).toBeTruthy();
    tell(deltaOf(2, { incidents: [incidentOf(1)] }));
    expect(await screen.findByText(lifeRu.stopped)).toBeTruthy();
    expect(location.pathname).toBe('/');
    tell(
      deltaOf(3, { incidents: [incidentOf(1, { acknowledgedAtMs: 1, acknowledgedBy: 'duty' })] }),
    );
    await waitFor(() => expect(location.pathname).toBe('/incidents'));
  });

  it('pause when somebody touches the wall, and are remembered by the tab', async () => {
    const { unmount } = openBoard('/?rotate=incidents,rehearsal&every=600', snapshotOf());
    await screen.findByRole('progressbar', { name: lifeRu.rotation });
    fireEvent.pointerDown(document.body);
    expect(await screen.findByText(/Смена видов на паузе/)).toBeTruthy();
    unmount();
    openBoard('/', snapshotOf());
    await waitFor(() => expect(location.pathname).toBe('/incidents'));
  });

  it('end by the address', async () => {
    const { unmount } = openBoard('/?rotate=incidents,rehearsal', snapshotOf());
    await screen.findByRole('progressbar', { name: lifeRu.rotation });
    unmount();
    openBoard('/?rotate=off', snapshotOf());
    await screen.findByTestId('tile-4216');
    expect(screen.queryByRole('progressbar', { name: lifeRu.rotation })).toBeNull();
    expect(location.pathname).toBe('/');
  });
});
