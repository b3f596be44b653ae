import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  enrolPeers,
  seenPeers,
  startPeers,
  unknownFlips,
  type CollectorAddress,
} from '../support/beating-peers.ts';
import { commands, listening, start, until, type Child } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const fleet = { seed: 509, count: 6, intervalMs: 1_000 };
/** As a script asks that means to be answered for minutes. */
const ASK_EVERY_MS = 500;
/** One of three is well, one so-so, one bad. */
const VERDICTS = ['ok', 'warn', 'fail', 'ok', 'warn', 'fail'];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A collector process that comes again at the same address, with the same data. */
async function restartable() {
  const dataDir = tempDir();
  const port = await freePort();
  const env = { PPE_PULSE_AGENTS_INTERVAL_MS: String(fleet.intervalMs) };
  return {
    run: async (): Promise<{ child: Child; collector: CollectorAddress }> => {
      const child = start(
        commands.collector,
        ['serve', '--port', `${port}`, '--data', dataDir],
        env,
      );
      return { child, collector: await listening(dataDir, child) };
    },
  };
}

/** Waits until every peer was heard after a moment. */
async function allHeard(collector: CollectorAddress, sinceMs: number): Promise<void> {
  await until(
    async () => {
      await sleep(ASK_EVERY_MS);
      return (await seenPeers(collector, fleet)).every(
        ({ lastSeenAt }) => lastSeenAt !== null && Date.parse(lastSeenAt) > sinceMs,
      );
    },
    'all peers are heard',
    40_000,
  );
}

describe('a restart of the collector', () => {
  it.each([
    ['SIGTERM', 1_000],
    ['SIGKILL', 1_000],
    ['SIGKILL', 15_000],
  ] as const)(
    'by %s with %i ms away makes nobody unknown and forgets no verdict',
    { timeout: 150_000 },
    async (signal, awayMs) => {
      const { run } = await restartable();
      const before = await run();
      startPeers(await enrolPeers(before.collector, fleet));
      await allHeard(before.collector, Date.now());
      // What changed is on the disk within a second.
      await sleep(2_500);
      before.child.kill(signal);
      await before.child.ended;
      await sleep(awayMs);
      const { collector } = await run();
      const restartedMs = Date.now();
      const shown = await seenPeers(collector, fleet);
      expect(shown.map(({ verdict }) => verdict)).toEqual(VERDICTS);
      await allHeard(collector, restartedMs);
      // A few periods more: nobody falls silent after the return either.
      await allHeard(collector, Date.now() + 8_000);
      expect(await unknownFlips(collector, fleet)).toEqual([]);
      const after = await seenPeers(collector, fleet);
      expect(after.map(({ verdict }) => verdict)).toEqual(VERDICTS);
    },
  );

  it(
    'is not needed: one that was frozen for 20 s goes on and calls nobody silent',
    {
      timeout: 120_000,
    },
    async () => {
      const { child, collector } = await (await restartable()).run();
      startPeers(await enrolPeers(collector, fleet));
      await allHeard(collector, Date.now());
      child.kill('SIGSTOP');
      await sleep(20_000);
      child.kill('SIGCONT');
      // All have left meanwhile: a line is half-open after 15 s.
      await allHeard(collector, Date.now() + 8_000);
      expect(await unknownFlips(collector, fleet)).toEqual([]);
    },
  );

  it('still lets who dies be unknown', { timeout: 60_000 }, async () => {
    const { collector } = await (await restartable()).run();
    const peers = startPeers(await enrolPeers(collector, fleet));
    await allHeard(collector, Date.now());
    peers.stdin?.write(`${JSON.stringify({ hang: 4 })}\n`);
    const verdicts = async (): Promise<string> => {
      await sleep(ASK_EVERY_MS);
      return (await seenPeers(collector, fleet)).map(({ verdict }) => verdict).join(' ');
    };
    const expected = VERDICTS.with(4, 'unknown').join(' ');
    await until(
      async () => (await verdicts()) === expected,
      'one is unknown and five are as before',
    );
    // Flips reach the disk within a second.
    await sleep(1_500);
    expect(await unknownFlips(collector, fleet)).toMatchObject([{ reason: 'silent' }]);
  });
});
