import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limits, type FromAgent } from '@ppe-pulse/protocol';
import { readUpdateManifest } from '@ppe-pulse/protocol/update';
import { createLog } from '../../agent/src/platform/log.ts';
import { BundleFiles } from '../../agent/src/update/bundle-files.ts';
import { Depot } from '../../agent/src/update/depot.ts';
import type { JudgedUpdate } from '../../agent/src/update/version-store.ts';
import { tempDir } from '../support/temp-dir.ts';
import { newSigner, updateOf, type MadeUpdate } from '../support/update-kit.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const PART = limits.updatePartBytes;
const signers = [newSigner(), newSigner()];
/** Bytes that do not pack: three parts and a bit. */
function sizedUpdate(seed: number, version = '0.2.0'): MadeUpdate {
  let state = seed;
  const bytes = Buffer.alloc(3 * PART + 100);
  for (let at = 0; at < bytes.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return updateOf(bytes, signers, { version });
}

function judged(update: MadeUpdate): JudgedUpdate {
  const manifest = readUpdateManifest(update.manifest);
  if (!manifest) throw new Error('no manifest');
  return { offer: update, manifest };
}

/** A depot on a real disk whose line is the test. */
function depotOn(directory = tempDir()) {
  const timers = new VirtualTimers();
  const asked: number[] = [];
  const outcomes: string[] = [];
  let isLive = true;
  const depot = new Depot({
    files: new BundleFiles(join(directory, 'bundles')),
    timers,
    log: createLog('silent'),
    send: (message: FromAgent) => {
      if (isLive && message.type === 'updateRead') asked.push(message.offset);
      return isLive;
    },
  });
  depot.listen({
    arrived: ({ manifest }) => outcomes.push(`${manifest.version} arrived`),
    failed: (version, reason) => outcomes.push(`${version} ${reason}`),
  });
  const answer = (update: MadeUpdate, offset: number, part: object = {}): void => {
    const data = update.packed.subarray(offset, offset + PART).toString('base64');
    depot.take({ type: 'updatePart', version: '0.2.0', offset, data, ...part });
  };
  const cut = (): void => {
    isLive = false;
    depot.pause();
  };
  const comeBack = (): void => {
    isLive = true;
    depot.resume();
  };
  return { depot, timers, asked, outcomes, answer, cut, rejoin: comeBack, directory };
}

describe('a bundle over the line', () => {
  it('is asked for part after part, and is whole when the last one came', () => {
    const { depot, asked, outcomes, answer } = depotOn();
    const update = sizedUpdate(1);
    depot.want(judged(update));
    for (const offset of [0, PART, 2 * PART, 3 * PART]) answer(update, offset);
    expect(asked).toEqual([0, PART, 2 * PART, 3 * PART]);
    expect(outcomes).toEqual(['0.2.0 arrived']);
    expect(depot.packedOf('0.2.0')?.equals(update.packed)).toBe(true);
    // Wanted again, it is here at once.
    depot.want(judged(update));
    expect(outcomes).toEqual(['0.2.0 arrived', '0.2.0 arrived']);
    expect(asked).toHaveLength(4);
  });

  it('takes no part but the one that was asked for, of the length that is due', () => {
    const { depot, asked, outcomes, answer } = depotOn();
    const update = sizedUpdate(1);
    depot.want(judged(update));
    answer(update, PART);
    answer(update, 0, { version: '0.3.0' });
    answer(update, 0, { data: 'AAAA' });
    answer(update, 0, { data: Buffer.alloc(PART + 1).toString('base64') });
    expect(asked).toEqual([0]);
    answer(update, 0);
    answer(update, 0);
    expect(asked).toEqual([0, PART]);
    expect(outcomes).toEqual([]);
  });

  it('goes on after a cut line, and after a restart of the agent', () => {
    const first = depotOn();
    const update = sizedUpdate(1);
    first.depot.want(judged(update));
    first.answer(update, 0);
    first.cut();
    first.rejoin();
    first.answer(update, PART);
    expect(first.asked).toEqual([0, PART, PART, 2 * PART]);
    const second = depotOn(first.directory);
    second.depot.want(judged(update));
    expect(second.asked).toEqual([2 * PART]);
    second.answer(update, 2 * PART);
    second.answer(update, 3 * PART);
    expect(second.outcomes).toEqual(['0.2.0 arrived']);
  });

  it('is begun anew when what had come was torn, or of another update of that version', () => {
    const first = depotOn();
    const [update, other] = [sizedUpdate(1), sizedUpdate(2)];
    first.depot.want(judged(update));
    first.answer(update, 0);
    first.answer(update, PART);
    // A power cut in the middle of a part.
    const path = join(first.directory, 'bundles', '0.2.0.part');
    writeFileSync(path, readFileSync(path).subarray(0, PART + 77));
    const second = depotOn(first.directory);
    second.depot.want(judged(update));
    expect(second.asked).toEqual([PART]);
    second.depot.want(judged(other));
    for (const offset of [0, PART, 2 * PART, 3 * PART]) second.answer(other, offset);
    expect(second.outcomes).toEqual(['0.2.0 arrived']);
    expect(second.depot.packedOf('0.2.0')?.equals(other.packed)).toBe(true);
  });

  it('that does not come is asked for five times, and then waits for the next welcome', async () => {
    const { depot, timers, asked, answer, rejoin } = depotOn();
    const update = sizedUpdate(1);
    depot.want(judged(update));
    await timers.advance(600_000);
    expect(asked).toEqual([0, 0, 0, 0, 0]);
    rejoin();
    expect(asked).toHaveLength(6);
    // And what comes late is taken all the same.
    await timers.advance(600_000);
    answer(update, 0);
    expect(asked.at(-1)).toBe(PART);
  });

  it('that is another one than was signed is asked for once more, and refused', () => {
    const { depot, asked, outcomes, answer } = depotOn();
    const [update, lie] = [sizedUpdate(1), sizedUpdate(2)];
    depot.want(judged(update));
    for (const offset of [0, PART, 2 * PART, 3 * PART]) answer(lie, offset);
    expect(asked.slice(4)).toEqual([0]);
    for (const offset of [0, PART, 2 * PART, 3 * PART]) answer(lie, offset);
    expect(outcomes).toEqual(['0.2.0 tampered']);
    expect(depot.packedOf('0.2.0')).toBeUndefined();
  });

  it('that was taken back by the listener is let go, and another one is fetched', () => {
    const { depot, asked } = depotOn();
    depot.want(judged(sizedUpdate(1)));
    depot.want(judged(sizedUpdate(3, '0.3.0')));
    depot.refused();
    expect(asked).toEqual([0, 0]);
    depot.refused();
    depot.resume();
    expect(asked).toHaveLength(2);
  });

  it('is refused where the disk takes nothing', () => {
    const directory = tempDir();
    writeFileSync(join(directory, 'bundles'), 'a file where the folder should be');
    const { depot, asked, outcomes } = depotOn(directory);
    depot.want(judged(sizedUpdate(1)));
    expect([asked, outcomes]).toEqual([[], ['0.2.0 noSpace']]);
  });

  it('that lies spoilt on the disk is not handed on, and is fetched again', () => {
    const first = depotOn();
    const update = sizedUpdate(1);
    first.depot.want(judged(update));
    for (const offset of [0, PART, 2 * PART, 3 * PART]) first.answer(update, offset);
    writeFileSync(join(first.directory, 'bundles', '0.2.0.packed'), 'spoilt');
    const second = depotOn(first.directory);
    expect(second.depot.holds(judged(update))).toBe(false);
    second.depot.want(judged(update));
    expect(second.asked).toEqual([0]);
  });

  it('is handed on in the same parts, and nothing behind its end or of another name', () => {
    const { depot, answer } = depotOn();
    const update = sizedUpdate(1);
    depot.want(judged(update));
    for (const offset of [0, PART, 2 * PART, 3 * PART]) answer(update, offset);
    const read = (offset: number): Buffer =>
      Buffer.from(depot.read('0.2.0', offset)?.data ?? '', 'base64');
    expect(Buffer.concat([0, PART, 2 * PART, 3 * PART].map(read)).equals(update.packed)).toBe(true);
    expect(depot.read('0.2.0', update.packed.length)).toBeUndefined();
    expect(depot.read('0.3.0', 0)).toBeUndefined();
    expect(depot.read('../0.2.0', 0)).toBeUndefined();
  });

  it('keeps two versions and no more', () => {
    const { depot, directory } = depotOn();
    for (const version of ['0.2.0', '0.3.0', '0.10.0']) {
      const update = sizedUpdate(1, version);
      depot.keep(judged(update), update.packed);
    }
    expect(new BundleFiles(join(directory, 'bundles')).versions).toEqual(['0.10.0', '0.3.0']);
    rmSync(directory, { recursive: true });
    mkdirSync(directory);
    expect(depot.read('0.10.0', 0)).toBeUndefined();
  });
});
