import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { enrolPeers, seenPeers, startPeers, unknownFlips } from '../support/beating-peers.ts';
import { until } from '../support/processes.ts';
import { ASK_EVERY_MS, VERDICTS, allHeard, fleet, restartable } from '../support/restartable.ts';

describe('a collector that stays', () => {
  it(
    'and was frozen for 20 s goes on and calls nobody silent',
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
