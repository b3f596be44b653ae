import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { enrolPeers, seenPeers, startPeers, unknownFlips } from '../support/beating-peers.ts';
import { VERDICTS, allHeard, fleet, restartable } from '../support/restartable.ts';

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
});
