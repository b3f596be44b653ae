import { describe, expect, it } from 'vitest';
import type { CameraFacts, Observation } from '@ppe-pulse/protocol';
import { News } from '../../agent/src/news.ts';

const streaming: CameraFacts = {
  transport: 'tcp',
  state: 'streaming',
  fps: 25,
  lossRatio: 0,
  lastFrameAgeMs: 20,
  picture: 'moving',
  outageMs: 0,
  isOtherStreaming: false,
};

const seen = (part: Partial<CameraFacts>, atMs: number): Observation => ({
  subject: 'camera',
  device: 1,
  last: { facts: { subject: 'camera', facts: { ...streaming, ...part } }, atMs },
});

function setUp() {
  const news = new News();
  return (part: Partial<CameraFacts>, nowMs: number, name = 'camera 1') =>
    news.isNews(name, seen(part, nowMs), { role: 'organizer', nowMs });
}

describe('news', () => {
  it('is a verdict that changed, there and back, and not the first one', () => {
    const isNews = setUp();
    expect(isNews({}, 0)).toBe(false);
    expect(isNews({ lastFrameAgeMs: 900, fps: 24 }, 1_000)).toBe(false);
    expect(isNews({ state: 'stalled' }, 2_000)).toBe(true);
    expect(isNews({ state: 'stalled', lastFrameAgeMs: 9_000 }, 3_000)).toBe(false);
    expect(isNews({}, 9_000)).toBe(true);
  });

  it('of a device that flaps goes out every two seconds, after three at once', () => {
    const isNews = setUp();
    const told = Array.from({ length: 40 }, (_, at) => at * 250).filter((nowMs, at) =>
      isNews({ state: at % 2 === 0 ? 'streaming' : 'stalled' }, nowMs),
    );
    expect(told).toEqual([250, 500, 750, 2_250, 4_250, 6_250, 8_250]);
  });

  it('of one device is not that of another', () => {
    const isNews = setUp();
    expect(isNews({}, 0)).toBe(false);
    expect(isNews({ state: 'stalled' }, 0, 'camera 2')).toBe(false);
    expect(isNews({}, 5_000)).toBe(false);
  });
});
