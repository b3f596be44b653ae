import { describe, expect, it, vi } from 'vitest';
import { HqClient } from '../../board/src/hq/hq-client.ts';
import { hqFreshnessOf } from '../../board/src/hq/hq-freshness.ts';
import { nothingSeen } from '../../board/src/hq/hq-state.ts';
import { calmFrame } from '../support/hq-frames.ts';

describe('the line to the relay', () => {
  it('is stale after 10 s without a frame and lost when its socket stays shut', () => {
    const at = (lastFrameMs: number | null, closedSinceMs: number | null, nowMs: number) =>
      hqFreshnessOf({ lastFrameMs, closedSinceMs }, nowMs);
    expect(at(null, null, 60_000)).toBe('waiting');
    expect(at(null, 0, 3_001)).toBe('lost');
    expect(at(0, null, 5_000)).toBe('live');
    expect(at(0, null, 6_001)).toBe('late');
    expect(at(0, null, 10_000)).toBe('late');
    expect(at(0, null, 10_001)).toBe('stale');
    expect(at(0, 1_000, 4_000)).toBe('live');
    expect(at(0, 1_000, 4_001)).toBe('lost');
  });

  class FakeSocket extends EventTarget {
    closed = 0;
    close(): void {
      this.closed += 1;
    }
  }
  function client() {
    vi.useFakeTimers();
    const sockets: FakeSocket[] = [];
    const opened: string[] = [];
    const live = new HqClient('http://127.0.0.1:8043', {
      open: (url, subprotocol) => {
        opened.push(`${url} ${subprotocol}`);
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      nowMs: () => performance.now(),
      random: () => 1,
    });
    live.start();
    const say = (data: unknown): void => {
      sockets.at(-1)?.dispatchEvent(Object.assign(new Event('message'), { data }));
    };
    return { live, sockets, opened, say };
  }

  it('comes back by itself, slower each time and never slower than 5 s', () => {
    const { live, sockets, opened, say } = client();
    try {
      expect(opened).toEqual(['ws://127.0.0.1:8043/hq/v1 ppe-pulse.hq.v1']);
      for (const waitMs of [500, 1_000, 2_000, 4_000, 5_000, 5_000]) {
        const before = sockets.length;
        sockets.at(-1)?.dispatchEvent(new Event('close'));
        vi.advanceTimersByTime(waitMs - 1);
        expect(sockets.length).toBe(before);
        vi.advanceTimersByTime(1);
        expect(sockets.length).toBe(before + 1);
      }
      expect(live.line.closedSinceMs).not.toBeNull();
      say(JSON.stringify(calmFrame));
      expect(live.line.closedSinceMs).toBeNull();
      expect(live.state.frame?.site).toBe('0042');
    } finally {
      live.stop();
      vi.useRealTimers();
    }
  });

  it('gives up a socket that is open and says nothing', () => {
    const { live, sockets } = client();
    try {
      vi.advanceTimersByTime(15_000);
      expect(sockets[0]?.closed).toBe(1);
      vi.advanceTimersByTime(500);
      expect(sockets).toHaveLength(2);
      // The old one's late close is nobody's news.
      sockets[0]?.dispatchEvent(new Event('close'));
      vi.advanceTimersByTime(5_000);
      expect(sockets).toHaveLength(2);
    } finally {
      live.stop();
      vi.useRealTimers();
    }
  });

  it('ignores what is no frame', () => {
    const { live, say } = client();
    try {
      for (const data of ['', '[]', 'null', '{"type":"hq"}', '{"type":"other"}', new Uint8Array(3)])
        say(data);
      expect(live.state).toBe(nothingSeen);
    } finally {
      live.stop();
      vi.useRealTimers();
    }
  });
});
