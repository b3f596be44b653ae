import { describe, expect, it } from 'vitest';
import type { LiveWorkstation, Verdict } from '@ppe-pulse/protocol';
import { CountryPainter } from '../../board/src/country/country-painter.ts';
import type { Looked } from '../../board/src/country/country-model.ts';
import { siteOf } from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

const palette = {
  ground: '#000',
  work: '#111',
  done: '#222',
  warn: '#333',
  fail: '#444',
  unknown: '#555',
  quiet: '#666',
};

function station(code: string, room: string, verdict: Verdict): LiveWorkstation {
  return {
    index: 0,
    id: workstationId(Number(code + room)),
    placement: {
      siteCode: code,
      roomCode: room,
      role: 'organizer',
      duty: 'main',
      simulated: false,
    },
    verdict,
    reason: 'ok',
    lastSeenMs: 1,
    problems: [],
    values: [],
  };
}

/** Ten ППЭ of four rooms each. */
function well(): Map<string, LiveWorkstation[]> {
  return new Map(
    Array.from({ length: 10 }, (_, at) => {
      const code = String(at + 1).padStart(4, '0');
      return [code, ['0001', '0002', '0003', '0004'].map((room) => station(code, room, 'ok'))];
    }),
  );
}

const [CELL, GROUND] = [1, 7];
const pixelsOf = (width: number, height: number) => ({
  width,
  data: new Uint8ClampedArray(width * height * 4),
});

/** A painter over a canvas that remembers what was drawn on it; frames are drawn when the test says so. */
function easel() {
  const drawn: (readonly [x: number, y: number])[] = [];
  const made: { width: number; height: number }[] = [];
  const context = new Proxy(
    {
      drawImage: (...args: readonly unknown[]) => drawn.push([Number(args[5]), Number(args[6])]),
      createImageData: pixelsOf,
      // Sprites of a colour, and the ground after them.
      getImageData: (_x: number, _y: number, width: number, height: number) => {
        const image = pixelsOf(width, height);
        new Uint32Array(image.data.buffer).fill(CELL).fill(GROUND, width - height, width);
        return image;
      },
      putImageData: (image: ReturnType<typeof pixelsOf>) => {
        const pixels = new Uint32Array(image.data.buffer);
        const { x = [], y = [] } = painter.layout ?? {};
        for (const [cell, left] of x.entries()) {
          const top = y[cell] ?? 0;
          if (pixels[top * image.width + left] === CELL) drawn.push([left, top]);
        }
        expect(pixels.at(-1)).toBe(GROUND);
      },
    },
    {
      get: (target, name) => (name in target ? Reflect.get(target, name) : () => undefined),
      set: () => true,
    },
  );
  const canvas = (width: number, height: number) =>
    ({ width, height, getContext: () => context }) as unknown as HTMLCanvasElement;
  const listeners = new Set<() => void>();
  const frames: (() => void)[] = [];
  const sites = well();
  const source = {
    state: {
      sites,
      registry: new Map([...sites.keys()].map((code) => [code, siteOf(code)])),
      municipalities: [{ slug: 'kemerovo', name: 'Кемерово', kind: 'ГО', tile: null }],
    } as Looked,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const painter = new CountryPainter(canvas(0, 0), source, {
    nextFrame: (paint) => {
      frames.push(paint);
      return () => frames.splice(frames.indexOf(paint), 1);
    },
    makeCanvas: (width, height) => {
      made.push({ width, height });
      return canvas(width, height);
    },
  });
  const stop = painter.start();
  painter.resize({ widthPx: 400, heightPx: 300, captionPx: 18, ratio: 1 });
  painter.recolour(palette);
  return {
    painter,
    stop,
    frames,
    made,
    listeners,
    draw: () => {
      for (const frame of frames.splice(0)) frame();
      return drawn.splice(0);
    },
    change: (code: string, verdicts: readonly Verdict[]) => {
      const next = new Map(source.state.sites);
      const stations = verdicts.map((verdict, at) => station(code, `000${at + 1}`, verdict));
      next.set(code, stations);
      source.state = { ...source.state, sites: next };
      for (const listener of listeners) listener();
    },
  };
}

describe('the painter of a country', () => {
  it('draws every cell once, in one frame', () => {
    const { draw, frames } = easel();
    expect(frames).toHaveLength(1);
    expect(draw()).toHaveLength(40);
    expect(draw()).toHaveLength(0);
  });

  it('draws only the cells that look different, however many pictures come before the frame', () => {
    const { draw, change, frames, painter } = easel();
    draw();
    change('0003', ['fail', 'ok', 'ok', 'ok']);
    change('0003', ['fail', 'ok', 'ok', 'warn']);
    change('0005', ['ok', 'unknown', 'ok', 'ok']);
    expect(frames).toHaveLength(1);
    const drawn = draw();
    expect(drawn).toHaveLength(3);
    const third = painter.boxesOf(2)[0];
    expect(drawn[0]).toEqual([third?.leftPx, third?.topPx]);
    change('0005', ['ok', 'unknown', 'ok', 'ok']);
    expect(frames).toHaveLength(0);
  });

  it('draws everything anew with other colours and in another size, where the same sites are found', () => {
    const { draw, painter, made } = easel();
    draw();
    painter.recolour({ ...palette, ground: '#fff' });
    expect(draw()).toHaveLength(40);
    painter.resize({ widthPx: 800, heightPx: 600, captionPx: 18, ratio: 2 });
    expect(draw()).toHaveLength(40);
    const pitch = painter.layout?.pitch ?? 0;
    expect(made.at(-1)).toEqual({ width: pitch * 15, height: pitch });
    for (const site of [0, 4, 9]) {
      const box = painter.boxesOf(site)[0];
      expect(painter.siteAt((box?.leftPx ?? 0) + 1, (box?.topPx ?? 0) + 1)).toBe(site);
    }
    expect(painter.siteAt(-5, -5)).toBe(-1);
  });

  it('shows a site a cell where a room would be too small', () => {
    const { painter, draw } = easel();
    draw();
    painter.resize({ widthPx: 14, heightPx: 12, captionPx: 2, ratio: 1 });
    expect(painter.isOfRooms).toBe(false);
    expect(draw()).toHaveLength(10);
  });

  it('asks for no frame once it is stopped', () => {
    const { stop, frames, listeners } = easel();
    expect(frames).toHaveLength(1);
    stop();
    expect(frames).toHaveLength(0);
    expect(listeners.size).toBe(0);
  });
});
