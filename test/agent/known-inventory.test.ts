import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Inventory } from '@ppe-pulse/protocol';
import { describe, expect, it } from 'vitest';
import { KnownInventory } from '../../agent/src/known-inventory.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { baseInventory } from '../../agent/src/platform/system-information.ts';
import { tempDir } from '../support/temp-dir.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const log = createLog('silent');
const names = { osName: 'Debian 12', cpuModel: 'Intel Core i5' };
const whole: Inventory = { ...baseInventory(), ...names };

/** One whose PC answers with `found`, or never. */
function setUp(dataDir: string, found?: Inventory) {
  const timers = new VirtualTimers();
  let asked = 0;
  const read = (): Promise<Inventory> => {
    asked += 1;
    return found ? Promise.resolve(found) : new Promise(() => undefined);
  };
  const known = new KnownInventory({ dataDir, log, timers, read });
  let isReady = false;
  const begin = (): void => void known.ready().then(() => (isReady = true));
  return { known, timers, begin, isReady: () => isReady, asked: () => asked };
}

function factsFrom(content: unknown): Inventory {
  const dataDir = tempDir();
  writeFileSync(join(dataDir, 'inventory.json'), JSON.stringify(content));
  return setUp(dataDir).known.facts;
}

describe('what is known of a PC at a start', () => {
  it('is waited for at the first one, and is there at once at the next', async () => {
    const dataDir = tempDir();
    const first = setUp(dataDir, whole);
    expect(first.known.facts).toEqual(baseInventory());
    first.begin();
    await first.timers.advance(0);
    expect([first.isReady(), first.known.facts]).toEqual([true, whole]);
    const next = setUp(dataDir, { ...whole, cpuModel: 'another' });
    expect(next.known.facts).toEqual(whole);
    next.begin();
    await next.timers.advance(1);
    expect([next.isReady(), next.asked()]).toEqual([true, 0]);
    // The PC is asked when the start is over.
    await next.timers.advance(10_000);
    expect([next.asked(), next.known.facts.cpuModel]).toEqual([1, 'another']);
  });

  it('is waited for no longer than a person would', async () => {
    const { begin, timers, isReady, known } = setUp(tempDir());
    begin();
    await timers.advance(1_499);
    expect(isReady()).toBe(false);
    await timers.advance(1);
    expect([isReady(), known.facts]).toEqual([true, baseInventory()]);
  });

  it('is asked for by nobody after a stop', async () => {
    const dataDir = tempDir();
    await setUp(dataDir, whole).known.renew();
    const { known, begin, timers, asked } = setUp(dataDir, whole);
    begin();
    known.stop();
    await known.renew();
    await timers.advance(60_000);
    expect(asked()).toBe(0);
  });

  it('is not what another PC, another memory or another system had, nor a damaged file', () => {
    expect(factsFrom({ ...whole, more: 1 })).toEqual(whole);
    const others = [{ ramBytes: 1 }, { osRelease: '0.0.1' }, { runtime: 'node 1.0.0' }];
    const damaged = [{ osName: 7 }, { cpuModel: 'a\u0000b' }, { osName: undefined }];
    for (const each of [...others, ...damaged])
      expect(factsFrom({ ...whole, ...each })).toEqual(baseInventory());
    for (const each of [null, 'x', [], {}]) expect(factsFrom(each)).toEqual(baseInventory());
  });

  it('is kept as it was when the names were not found', async () => {
    const dataDir = tempDir();
    await setUp(dataDir, whole).known.renew();
    const kept = readFileSync(join(dataDir, 'inventory.json'), 'utf8');
    await setUp(dataDir, baseInventory()).known.renew();
    expect(readFileSync(join(dataDir, 'inventory.json'), 'utf8')).toBe(kept);
  });
});
