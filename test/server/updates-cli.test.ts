import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enrol, newIdentity } from '../support/agent-peer.ts';
import { testCollector } from '../support/collector.ts';
import { runCollector } from '../support/run-collector.ts';
import { signedUpdate } from '../support/rollout-fleet.ts';
import { tempDir } from '../support/temp-dir.ts';
import { newSigner, rootOf } from '../support/update-kit.ts';

const signers = [newSigner(), newSigner()];

describe('ppe-collector update', () => {
  it('adds a bundle, lists it, rolls it out and stops, through the collector that runs', async () => {
    const data = tempDir();
    writeFileSync(join(data, 'updates.root'), JSON.stringify(rootOf(signers)));
    const collector = await testCollector({ dataDir: data });
    await enrol(collector, newIdentity());
    const update = (...args: string[]) => runCollector('update', ...args, '--data', data);
    expect((await update('list')).out).toEqual(['there is no update yet: update add FILE']);
    const file = join(data, 'new.update');
    writeFileSync(file, signedUpdate(signers));
    expect(await update('add', file)).toMatchObject({
      code: 0,
      out: ['0.2.0 can be rolled out: update roll-out 0.2.0'],
    });
    const again = await update('add', file);
    expect([again.code, again.err[0]]).toEqual([78, expect.stringContaining('is here already')]);
    const early = await update('roll-out', '0.2.0', '--all');
    expect([early.code, early.err[0]]).toEqual([78, expect.stringContaining('one ППЭ')]);
    expect(await update('roll-out', '0.2.0', '--ppe', '0042')).toMatchObject({
      code: 0,
      out: ['stage 1  0.2.0  site 0042  running: notHere 1'],
    });
    const idle = await update('go-on');
    expect([idle.code, idle.err[0]]).toEqual([78, expect.stringContaining('not paused')]);
    expect((await update('stop')).out).toEqual(['stage 1  0.2.0  site 0042  stopped: notHere 1']);
    expect((await update('stop')).err[0]).toContain('no stage is open');
    const { out } = await update('list', '--json');
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      bundles: [{ version: '0.2.0' }],
      stages: [{ id: 1, state: 'stopped' }],
    });
  });

  it('says in one line what is wrong with the line, before anybody is asked', async () => {
    const data = tempDir();
    const lineOf = async (...args: string[]): Promise<[number, string]> => {
      const { code, err } = await runCollector('update', ...args, '--data', data);
      return [code, err.join(' ')];
    };
    const big = join(data, 'big.update');
    writeFileSync(big, Buffer.alloc(1_000_001));
    for (const [args, code, words] of [
      [['rollout', '0.2.0'], 64, 'did you mean "update roll-out"?'],
      [['add'], 64, 'needs a file'],
      [['add', join(data, 'nothing')], 78, 'cannot be read (ENOENT)'],
      [['add', big], 78, '1000000 is the most'],
      [['roll-out'], 64, 'needs a version'],
      [['roll-out', '0.2.0'], 64, 'needs one of'],
      [['roll-out', '0.2.0', '--all', '--ppe', '0042'], 64, 'needs one of'],
      [['roll-out', '0.2.0', '--ppe', 'x'], 64, 'four digits'],
      [['list'], 78, 'no collector runs'],
    ] as const)
      expect(await lineOf(...args)).toEqual([code, expect.stringContaining(words)]);
  });
});
