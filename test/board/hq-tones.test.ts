import { describe, expect, it } from 'vitest';
import { createTones } from '../../board/src/ui/tones.ts';

/** An audio context that writes down what it is asked to play, in seconds from its start. */
function fakeContext(resume: () => Promise<void> = () => Promise.resolve()) {
  const starts: number[] = [];
  const stops: number[] = [];
  const node = { connect: () => node };
  const curve = { setValueAtTime: () => curve, linearRampToValueAtTime: () => curve };
  const context = {
    state: 'suspended',
    currentTime: 10,
    destination: node,
    resume: async () => {
      await resume();
      context.state = 'running';
    },
    createGain: () => ({ ...node, gain: curve }),
    createOscillator: () => ({
      ...node,
      frequency: { value: 0 },
      start: (at: number) => void starts.push(at),
      stop: (at: number) => void stops.push(at),
    }),
  };
  return { context, starts, stops, tones: createTones(() => context as unknown as AudioContext) };
}

describe('the tones of a page', () => {
  it('are silent while the browser blocks them, and what was asked then does not sound later', async () => {
    const { tones, starts } = fakeContext();
    expect([tones.isThere, tones.isBlocked()]).toEqual([true, true]);
    tones.play('critical');
    await tones.unlock();
    expect(tones.isBlocked()).toBe(false);
    expect(starts).toEqual([]);
  });

  it('are two short ones after each other for what is critical', async () => {
    const { tones, starts, stops } = fakeContext();
    await tones.unlock();
    tones.play('critical');
    expect(starts).toHaveLength(2);
    const [first = 0, second = 0] = starts;
    expect(first).toBe(10);
    expect(second).toBeGreaterThanOrEqual(stops[0] ?? 99);
    expect((stops[1] ?? 99) - first).toBeLessThan(1);
  });

  it('stay blocked when the browser refuses, and throw nothing', async () => {
    const { tones, starts } = fakeContext(() => Promise.reject(new Error('no device')));
    await tones.unlock();
    tones.play('soft');
    expect(tones.isBlocked()).toBe(true);
    expect(starts).toEqual([]);
  });

  it('fall silent again when the browser suspends them', async () => {
    const { tones, context, starts } = fakeContext();
    await tones.unlock();
    context.state = 'suspended';
    tones.play('critical');
    expect([tones.isBlocked(), starts.length]).toEqual([true, 0]);
  });

  it('are not there in a browser without Web Audio', async () => {
    const tones = createTones();
    expect([tones.isThere, tones.isBlocked()]).toEqual([false, true]);
    await tones.unlock();
    tones.play('critical');
  });
});
