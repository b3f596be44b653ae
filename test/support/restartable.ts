import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { seenPeers, type CollectorAddress } from './beating-peers.ts';
import { commands, listening, start, until, type Child } from './processes.ts';
import { tempDir } from './temp-dir.ts';

export const fleet = { seed: 509, count: 6, intervalMs: 1_000 };
/** As a script asks that means to be answered for minutes. */
export const ASK_EVERY_MS = 500;
/** One of three is well, one so-so, one bad. */
export const VERDICTS = ['ok', 'warn', 'fail', 'ok', 'warn', 'fail'];

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A collector process that comes again at the same address, with the same data. */
export async function restartable() {
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
export async function allHeard(collector: CollectorAddress, sinceMs: number): Promise<void> {
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
