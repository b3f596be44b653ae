// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LIVE_PATH, LIVE_SUBPROTOCOL, PROTOCOL_VERSION } from '@ppe-pulse/protocol';
import { takeEarlyLine } from '../../board/src/live/early-line.ts';
import { SIGN_IN_PATH } from '../../board/src/ui/sign-in-path.ts';

const board = join(import.meta.dirname, '..', '..', 'board');

/** A socket that nobody opens: its state is what the test says. */
function socketIn(readyState: number): WebSocket & { readonly heard: unknown[] } {
  const heard: unknown[] = [];
  const socket = Object.assign(new EventTarget(), {
    readyState,
    heard,
  });
  return socket as unknown as WebSocket & { readonly heard: unknown[] };
}

describe('the line that is opened before the scripts', () => {
  it('is opened where and how the protocol says', () => {
    const page = readFileSync(join(board, 'index.html'), 'utf8');
    expect(page).toContain(`data-live-path="${LIVE_PATH}"`);
    expect(page).toContain(`data-live-subprotocol="${LIVE_SUBPROTOCOL}"`);
    expect(page).toContain(`data-no-line-at="${SIGN_IN_PATH}"`);
    const [, hello = ''] = /data-live-hello='([^']*)'/.exec(page) ?? [];
    expect(JSON.parse(hello)).toEqual({ type: 'hello', protocol: PROTOCOL_VERSION });
  });

  it('is taken once, and says again what it has said', async () => {
    const socket = socketIn(WebSocket.OPEN);
    let isHeard = true;
    const stopListening = (): void => void (isHeard = false);
    window.ppePulseEarlyLine = { socket, frames: ['one', 'two'], stopListening };
    const taken = takeEarlyLine(window);
    expect(taken).toBe(socket);
    taken?.addEventListener('message', ({ data }: MessageEvent) => socket.heard.push(data));
    expect(socket.heard).toEqual([]);
    await Promise.resolve();
    expect(socket.heard).toEqual(['one', 'two']);
    // The hello is whose line it is now.
    expect(isHeard).toBe(false);
    expect(takeEarlyLine(window)).toBeUndefined();
  });

  it('is left alone when it was closed meanwhile', () => {
    for (const state of [WebSocket.CLOSING, WebSocket.CLOSED]) {
      window.ppePulseEarlyLine = {
        socket: socketIn(state),
        frames: ['one'],
        stopListening: () => undefined,
      };
      expect(takeEarlyLine(window)).toBeUndefined();
    }
  });
});
