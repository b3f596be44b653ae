import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { limits } from '@ppe-pulse/protocol';
import { until } from '../support/processes.ts';
import {
  builtAgent,
  installedAgent,
  partsOf,
  updateListener,
  type InstalledAgent,
  type UpdateListener,
} from '../support/installed-agent.ts';
import { newSigner, updateOf, type MadeUpdate } from '../support/update-kit.ts';

const signers = [newSigner(), newSigner(), newSigner()];
const two = signers.slice(0, 2);

describe('an update over the link', { timeout: 120_000 }, () => {
  let old: { agent: string; launcher: string };
  let next: { agent: string; launcher: string };

  beforeAll(() => {
    old = builtAgent('0.1.0');
    next = builtAgent('0.2.0');
  });

  async function running(): Promise<{ pc: InstalledAgent; centre: UpdateListener }> {
    const centre = await updateListener();
    const pc = await installedAgent(old, signers, centre.settings);
    centre.enrol(pc);
    pc.keepAlive();
    await until(() => centre.versions.get(pc.id) === '0.1.0', 'the old version is heard');
    return { pc, centre };
  }

  function offered({ pc, centre }: Awaited<ReturnType<typeof running>>, update: MadeUpdate): void {
    centre.serve(partsOf(update, '0.2.0'));
    expect(centre.offer(pc.id, update)).toBe(true);
  }

  it('is fetched, staged, tried and confirmed, and the old version is kept', async () => {
    const world = await running();
    const { pc, centre } = world;
    offered(world, updateOf(next.agent, two));
    await until(() => centre.versions.get(pc.id) === '0.2.0', 'the new version is heard');
    await until(() => centre.statesOf(pc.id).includes('0.2.0 confirmed'), 'it is confirmed');
    expect(centre.statesOf(pc.id)).toEqual([
      '0.2.0 fetching',
      '0.2.0 staged',
      '0.2.0 trial',
      '0.2.0 confirmed',
    ]);
    expect(centre.goodbyes.map(({ reason }) => reason)).toEqual(['restart']);
    expect(pc.runs).toHaveLength(2);
    expect(await pc.runs[0]?.ended).toBe(0);
    expect(pc.runs[0]?.output()).toContain('служба запустит её сама');
    expect(pc.state()).toMatchObject({ current: '0.2.0', previous: null, trial: null, bad: [] });
    // Offered again, it is not fetched again.
    const reads = centre.reads.length;
    offered(world, updateOf(next.agent, two));
    await until(() => centre.statesOf(pc.id).length === 5, 'it says that it has it');
    expect(centre.statesOf(pc.id).at(-1)).toBe('0.2.0 confirmed');
    expect(centre.reads).toHaveLength(reads);
    // The bundle is not kept where nobody else needs it.
    expect(readdirSync(join(pc.versionsDir, 'bundles'))).toEqual([]);
    // And the version before cannot come back by an offer.
    offered(world, updateOf(old.agent, two, { version: '0.1.0' }));
    await until(() => centre.statesOf(pc.id).length === 6, 'the old one is answered');
    expect(centre.statesOf(pc.id).at(-1)).toBe('0.1.0 refused downgrade');
  });

  it('that crashes at its start is taken back, and is not taken again', async () => {
    const world = await running();
    const { pc, centre } = world;
    const update = updateOf(`process.exit(3);\n${next.agent}`, two);
    offered(world, update);
    await until(
      () => centre.statesOf(pc.id).includes('0.2.0 rolledBack crashed'),
      'the old version tells of it',
    );
    expect(centre.versions.get(pc.id)).toBe('0.1.0');
    expect(pc.runs).toHaveLength(4);
    expect(await Promise.all(pc.runs.slice(0, 3).map(({ ended }) => ended))).toEqual([0, 3, 3]);
    offered(world, update);
    await until(() => centre.statesOf(pc.id).includes('0.2.0 refused knownBad'), 'it is refused');
    expect(pc.state().bad).toEqual([{ version: '0.2.0', reason: 'crashed' }]);
  });

  it.each([
    ['another part', (bytes: Buffer): Buffer => Buffer.from(bytes).fill(7, 100, 200)],
    ['nothing but zeros', (bytes: Buffer): Buffer => Buffer.alloc(bytes.length)],
  ])('whose bytes are %s is asked for twice and refused', async (_, spoil) => {
    const world = await running();
    const { pc, centre } = world;
    const update = updateOf(next.agent, two);
    centre.serve(partsOf({ packed: spoil(update.packed) }, '0.2.0'));
    centre.offer(pc.id, update);
    await until(() => centre.statesOf(pc.id).includes('0.2.0 refused tampered'), 'it is refused');
    const parts = Math.ceil(update.packed.length / limits.updatePartBytes);
    expect(centre.reads).toHaveLength(2 * parts);
    expect(pc.runs).toHaveLength(1);
  });

  it('goes on after a cut from what has come, and drops parts that nobody asked for', async () => {
    const world = await running();
    const { pc, centre } = world;
    const update = updateOf(next.agent, two);
    const honest = partsOf(update, '0.2.0');
    // Two parts, and then nothing but one that is wrong.
    centre.serve((version, offset) =>
      offset < 2 * limits.updatePartBytes ? honest(version, offset) : honest(version, 0),
    );
    centre.offer(pc.id, update);
    await until(() => pc.log().includes('out of turn'), 'the wrong part is named');
    pc.runs.at(-1)?.kill('SIGKILL');
    await until(() => pc.runs.length === 2 && centre.isHere(pc.id), 'it is back');
    centre.reads.length = 0;
    offered(world, update);
    await until(() => centre.versions.get(pc.id) === '0.2.0', 'the new version is heard');
    expect(centre.reads[0]).toBe(2 * limits.updatePartBytes);
  });

  it('is refused by name over the link and by flash drive, and nothing of it stays', async () => {
    const world = await running();
    const { pc, centre } = world;
    const stranger = newSigner();
    const refused: readonly (readonly [string, MadeUpdate])[] = [
      ['badManifest', updateOf(next.agent, two, { runtime: 'any' })],
      ['otherProduct', updateOf(next.agent, two, { product: 'other' })],
      ['unknownKey', updateOf(next.agent, [signers[0] ?? stranger, stranger])],
      ['sameKeyTwice', updateOf(next.agent, [...two, ...two])],
      ['tooFewSignatures', updateOf(next.agent, two.slice(1))],
      ['expired', updateOf(next.agent, two, { expiresAt: '2024-06-01T00:00:00.000Z' })],
      ['downgrade', updateOf(next.agent, two, { version: '0.0.9' })],
      ['runtimeTooOld', updateOf(next.agent, two, { runtime: '>=99' })],
    ];
    const reasons = (): string[] =>
      centre.told.map(({ state }) => `${state.state} ${state.reason}`);
    for (const [reason, update] of refused) {
      const count = centre.told.length;
      centre.offer(pc.id, update);
      await until(() => centre.told.length > count, `${reason} is told`);
      expect(reasons().at(-1)).toBe(`refused ${reason}`);
    }
    for (const [reason, update] of refused.slice(0, 4)) {
      const count = centre.told.length;
      writeFileSync(join(pc.dataDir, 'agent.update'), update.file);
      await until(() => centre.told.length > count, `${reason} is told`);
      expect(reasons().at(-1)).toBe(`refused ${reason}`);
      expect(pc.state().standing).toMatchObject({ state: 'refused', reason });
    }
    expect(centre.reads).toEqual([]);
    expect(pc.runs).toHaveLength(1);
    expect(readdirSync(pc.versionsDir)).toEqual(['state.json']);
  });
});
