import { describe, it } from 'vitest';
import type { CameraFacts } from '@ppe-pulse/protocol';
import { cameraArguments, hasCamera, PYTHON } from '../parts/camera.ts';
import { hasLine, openLine, part, type Line, type LineScript } from '../parts/line.ts';
import { isShort, tell, tellSpread } from './figures.ts';
import { shippedRuntime } from './shipped-agent.ts';

/** The agent's compiled camera probe at the near end of a line, on the runtime that is shipped. */
const { node, flags } = shippedRuntime();
const WATCHED_MS = isShort ? 5_000 : 60_000;
/** The first window is dropped, the next one is of five seconds. */
const SETTLED_MS = 8_000;
const LOSSES = [1, 5, 20];
const MEGABITS = 2;

/** What one look of the probe tells. */
interface Look {
  readonly facts: CameraFacts;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What the encoder has given out until a moment of its own clock. */
interface Sent {
  readonly frames: number;
  readonly bytes: number;
  readonly atMs: number;
}

describe.skipIf(!hasCamera() || !hasLine())('a camera (gstreamer, root, ip, tc, nft)', () => {
  it('of 25 fps and 2 Mbit/s over TCP', async () => {
    const line = await openLine();
    const camera = await startFar(line);
    const watch = watchFrom(line, camera.url, 'tcp');
    await watch.forMs(SETTLED_MS);
    const before = await camera.sent();
    const looks = await watch.forMs(WATCHED_MS);
    const after = await camera.sent();
    const seconds = (after.atMs - before.atMs) / 1_000;
    const fps = (after.frames - before.frames) / seconds;
    const bytesPerSecond = (after.bytes - before.bytes) / seconds;
    const read = (id: string): number[] => looks.map(({ metrics }) => metrics[id] ?? 0);
    tellErrors('fps', read('camera.1.fps'), { truth: fps, highest: 2, unit: 'fps' });
    // The encoder's own bytes: what the packets' heads add is part of the error. A look holds five
    // to ten seconds and a key frame more or less: single looks spread as the source itself does.
    const megabits = read('camera.1.bytesPerSecond').map((each) => (each * 8) / 1e6);
    const truth = (bytesPerSecond * 8) / 1e6;
    tellErrors('bit rate', megabits, { truth, highest: null, unit: 'Mbit/s' });
    // Five seconds of the source are not those of the looks: only a minute has a target.
    const target = isShort ? {} : { atMost: 3 };
    tell(
      'camera over TCP: bit rate error of the mean',
      errorPercent(mean(megabits), truth),
      '%',
      target,
    );
  });

  it.skipIf(isShort)('over UDP with loss', async () => {
    const lines: Line[] = [];
    for (const _ of LOSSES) lines.push(await openLine());
    await Promise.all(LOSSES.map((percent, at) => loseUdp(percent, lines[at])));
  });
});

const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;
const errorPercent = (value: number, truth: number): number => Math.abs(value / truth - 1) * 100;

function tellErrors(
  what: string,
  values: readonly number[],
  of: { readonly truth: number; readonly highest: number | null; readonly unit: string },
): void {
  const errors = values.map((each) => errorPercent(each, of.truth));
  tellSpread(`camera over TCP: ${what} error of a look`, errors, '%', {
    median: null,
    highest: of.highest,
    note: `truth ${of.truth.toFixed(2)} ${of.unit}`,
  });
}

async function loseUdp(percent: number, line: Line | undefined): Promise<void> {
  if (!line) throw new Error('no line');
  const camera = await startFar(line);
  const nft = (...words: string[]): LineScript => line.start('near', '/usr/sbin/nft', words);
  const lost = `numgen random mod 100 < ${percent}`;
  const rule = `add rule inet line input meta l4proto udp counter ${lost} counter drop`;
  nft(...rule.split(' '));
  const counted = async () =>
    countersOf(await nft('-j', 'list', 'chain', 'inet', 'line', 'input').next());
  const watch = watchFrom(line, camera.url, 'udp');
  await watch.forMs(SETTLED_MS);
  const before = await counted();
  const looks = await watch.forMs(WATCHED_MS);
  const after = await counted();
  const truth = (after.dropped - before.dropped) / (after.came - before.came);
  const measured = mean(looks.map(({ facts }) => facts.lossRatio));
  tell(`camera over UDP: loss error at ${percent} %`, Math.abs(measured - truth) * 100, 'points', {
    atMost: 1,
    note: `${(truth * 100).toFixed(2)} % lost`,
  });
}

async function startFar(line: Line) {
  const settings = {
    host: line.farAddress,
    width: 1_280,
    height: 720,
    kbits: MEGABITS * 1_000,
    audio: false,
  };
  const camera = line.start('far', PYTHON, cameraArguments(settings));
  const { port } = (await camera.next()) as { readonly port: number };
  return {
    url: `rtsp://${line.farAddress}:${port}/live`,
    sent: async (): Promise<Sent> => {
      camera.tell({});
      return (await camera.next()) as Sent;
    },
  };
}

function watchFrom(line: Line, url: string, transport: string) {
  const camera = JSON.stringify({ url, transport });
  const client = line.start('near', node, [...flags, part('camera-client.mjs'), camera]);
  return {
    /** Every look of the next while. */
    forMs: async (ms: number): Promise<Look[]> => {
      const looks: Look[] = [];
      const endMs = performance.now() + ms;
      while (performance.now() < endMs) looks.push((await client.next()) as Look);
      return looks;
    },
  };
}

/** nft's own JSON: the first counter of the rule saw all packets, the second the dropped ones. */
function countersOf(answer: unknown): { readonly came: number; readonly dropped: number } {
  const packets = [...JSON.stringify(answer).matchAll(/"counter":\{"packets":(\d+)/g)].map(
    ([, count]) => Number(count),
  );
  return { came: packets[0] ?? 0, dropped: packets[1] ?? 0 };
}
