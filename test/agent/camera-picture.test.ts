import { describe, expect, it } from 'vitest';
import { PictureState, STILL_MS, suspicion } from '../../agent/src/probes/camera/picture.ts';
import type { StreamNumbers } from '../../agent/src/probes/camera/stream-stats.ts';

const size = { width: 1280, height: 720 };
const h264 = { codec: 'h264', size } as const;

/** Numbers of a stream with key frames of these sizes. */
function numbersOf(sizes: readonly number[], otherBytes?: number, spanMs = 5_000): StreamNumbers {
  const sum = sizes.reduce((total, each) => total + each, 0);
  return {
    bytesPerSecond: 1,
    spanMs,
    keys: {
      count: sizes.length,
      meanBytes: sum / sizes.length,
      minBytes: Math.min(...sizes),
      maxBytes: Math.max(...sizes),
    },
    ...(otherBytes === undefined ? {} : { otherBytes }),
  };
}

const noisy = numbersOf([80_935, 39_295, 59_420], 8_872);
const card = numbersOf([4_197, 4_197, 4_197], 20);
const black = numbersOf([2_833, 2_833, 2_833], 20);

describe('sizes of frames', () => {
  // All of them measured of x264, x265 and two JPEG encoders.
  it.each([
    ['noise', noisy, h264, 'moving'],
    ['a ball on black', numbersOf([2_221, 2_162, 2_288], 615), h264, 'moving'],
    ['a test card', card, h264, 'still'],
    ['black', black, h264, 'black'],
    [
      'a still photograph at a constant quality',
      numbersOf([87_647, 87_647, 87_647], 384),
      h264,
      'still',
    ],
    [
      'a still photograph at a mean rate',
      numbersOf([300_434, 300_444, 300_434], 261),
      h264,
      'still',
    ],
    ['the same with rare key frames', numbersOf([300_434], 261), h264, 'still'],
    [
      'an empty room with a thrifty encoder',
      numbersOf([61_000, 60_200, 60_700], 260),
      h264,
      'moving',
    ],
    ['noise of an even encoder', numbersOf([44_202, 44_232, 44_332], 7_508), h264, 'moving'],
    [
      'black of H.265',
      numbersOf([367, 367, 367], 93),
      { codec: 'h265', size: { width: 640, height: 480 } },
      'black',
    ],
    [
      'a test card of H.265',
      numbersOf([8_347, 8_347, 8_347], 94),
      { codec: 'h265', size },
      'still',
    ],
    ['JPEGs of noise', numbersOf([197_556, 198_124, 197_828]), { codec: 'jpeg', size }, 'moving'],
    ['equal JPEGs', numbersOf([52_438, 52_438, 52_438]), { codec: 'jpeg', size }, 'still'],
    ['equal small JPEGs', numbersOf([14_900, 14_900, 14_900]), { codec: 'jpeg', size }, 'black'],
    ['equal pictures of nobody knows what', black, {}, 'still'],
    ['segments of HLS', { bytesPerSecond: 125_000 }, {}, 'moving'],
  ] as const)('of %s suggest what is there', (_, numbers, format, expected) => {
    expect(suspicion(numbers, format)).toBe(expected);
  });
});

describe('a picture', () => {
  it('is suspected when it was still for ten seconds, and no more when it moves', () => {
    const picture = new PictureState();
    picture.add(noisy, h264, 0);
    picture.add(card, h264, 6_000);
    expect(picture.at(6_000)).toBe('moving');
    // The window before was still already.
    expect(picture.at(1_000 + STILL_MS)).toBe('frozenSuspected');
    picture.add(black, h264, 12_000);
    expect(picture.at(12_000)).toBe('blackSuspected');
    picture.add(noisy, h264, 13_000);
    expect(picture.at(13_000)).toBe('moving');
  });

  it('that was looked at is what was seen, until it moves', () => {
    const picture = new PictureState();
    picture.add(card, h264, 10_000);
    expect(picture.at(20_000)).toBe('frozenSuspected');
    picture.looked('frozen', 20_000);
    expect(picture.at(21_000)).toBe('frozen');
    picture.looked(undefined, 80_000);
    expect(picture.at(80_000)).toBe('frozen');
    picture.looked('black', 90_000);
    expect(picture.at(90_000)).toBe('black');
    picture.add(noisy, h264, 91_000);
    expect(picture.at(91_000)).toBe('moving');
  });

  it('of a quiet room is cleared by a look, until it is suspected anew', () => {
    const picture = new PictureState();
    picture.add(card, h264, 10_000);
    picture.looked('moving', 20_000);
    picture.add(card, h264, 100_000);
    expect(picture.at(100_000)).toBe('moving');
    picture.add(noisy, h264, 101_000);
    picture.add(card, h264, 110_000);
    expect(picture.at(120_000)).toBe('frozenSuspected');
  });

  it('is looked at at first, then every ten minutes, sooner when it is suspected or found', () => {
    const picture = new PictureState();
    const minute = 60_000;
    expect(picture.needsLook(0)).toBe(true);
    picture.looked('moving', 0);
    expect([1, 9.9, 10].map((each) => picture.needsLook(each * minute))).toEqual([
      false,
      false,
      true,
    ]);
    picture.add(card, h264, 2 * minute);
    // Not before the suspicion is old enough.
    expect(picture.needsLook(2 * minute)).toBe(false);
    expect(picture.needsLook(2 * minute + STILL_MS)).toBe(true);
    picture.looked(undefined, 3 * minute);
    // Nothing could be seen: it is not tried all the time.
    expect([3.9, 4].map((each) => picture.needsLook(each * minute))).toEqual([false, true]);
    picture.looked('frozen', 4 * minute);
    expect([4.9, 5].map((each) => picture.needsLook(each * minute))).toEqual([false, true]);
  });

  it('of a stream that was away is not known any more', () => {
    const picture = new PictureState();
    picture.add(card, h264, 10_000);
    picture.looked('frozen', 20_000);
    picture.reset();
    expect(picture.at(60_000)).toBe('moving');
  });
});
