import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Mode } from '@ppe-pulse/protocol';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { systemTimers } from '../../agent/src/platform/timers.ts';
import { EmProbe } from '../../agent/src/probes/em-download/em-probe.ts';
import { until } from '../support/processes.ts';

const BYTES = 400_000;
/** Local times of the PC, whose zone the tests set to UTC. */
const at = (time: string): number => Date.parse(`2024-05-15T${time}:00Z`);

/** A mirror that gives half of the package at once and the rest when it is told to. */
async function mirror() {
  const held: (() => void)[] = [];
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.writeHead(200, { 'content-length': BYTES, etag: '"1"', 'accept-ranges': 'bytes' });
    response.write(Buffer.alloc(BYTES / 2));
    held.push(() => response.end(Buffer.alloc(BYTES / 2)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/package`,
    requests: () => requests,
    release: () => held.splice(0).forEach((end) => end()),
  };
}

async function probe() {
  const source = await mirror();
  const world = { wallMs: at('08:00'), mode: 'prep' as Mode };
  const em = new EmProbe(
    {
      url: source.url,
      cron: '',
      spreadMinutes: 0,
      closedFrom: '09:15',
      closedTo: '10:30',
      maxBytes: 10_000_000,
      maxMinutes: 1,
    },
    {
      clock: { ...systemClock(), wallMs: () => world.wallMs },
      timers: systemTimers(),
      log: createLog('silent'),
      random: () => 0,
      mode: () => world.mode,
    },
  );
  onTestFinished(() => em.stop());
  const ratio = async (): Promise<number | undefined> => {
    const outcome = await em.measure();
    return outcome.kind === 'measured' ? outcome.metrics['net.em.ratio'] : undefined;
  };
  const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
  return { em, source, world, ratio, pause };
}

describe('the rehearsal download', () => {
  it('tells its share while it runs, and that it is whole', async () => {
    const { em, source, ratio } = await probe();
    expect(await em.measure()).toEqual({ kind: 'nothing' });
    em.start();
    await until(async () => source.requests() === 1, 'it starts');
    em.start();
    source.release();
    await until(async () => (await ratio()) === 1, 'it is whole');
    expect(source.requests()).toBe(1);
  });

  it.each([
    ['in the hours of the key', { wallMs: at('09:15') }],
    ['in mode quiet', { mode: 'quiet' as const }],
  ])('does not start %s', async (_, change) => {
    const { em, source, world, pause } = await probe();
    Object.assign(world, change);
    em.start();
    await pause();
    expect(source.requests()).toBe(0);
  });

  it('is given up when the hours of the key come', async () => {
    const { em, source, world, ratio } = await probe();
    em.start();
    await until(async () => source.requests() === 1, 'it starts');
    world.wallMs = at('09:15');
    await em.measure();
    source.release();
    await until(async () => {
      const outcome = await em.measure();
      return (
        outcome.kind !== 'measured' ||
        (outcome.facts?.subject === 'emPackage' && outcome.facts.facts.state !== 'running')
      );
    }, 'it has stopped');
    expect((await ratio()) ?? 0).toBeLessThan(1);
  });
});
