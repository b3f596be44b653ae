import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BootRanges, carryLimits, PartReader, writeReceipt } from '@ppe-pulse/protocol/carry';
import { carryKeys } from '../../agent/src/carry/carry-keys.ts';
import { journalTimes } from '../../agent/src/carry/journal-times.ts';
import { takeReceipts } from '../../agent/src/carry/receipts.ts';
import { collectorIdOf } from '../../agent/src/platform/identity.ts';
import { newIdentity } from '../support/agent-peer.ts';
import {
  CARRIED_BOOT,
  CARRIED_FROM_MS,
  carriedHeartbeat,
  numbers,
  signerOf,
  writeSegment,
} from '../support/carried.ts';
import { exportingWorkstation, named, onStick } from '../support/exporting-workstation.ts';

const OTHER_BOOT = '00000000000000b2';

describe('receipts at the workstation', () => {
  function receipted(part: { signer?: ReturnType<typeof newIdentity>; agentId?: string } = {}) {
    const place = exportingWorkstation();
    const { collector, identity, folder, journal } = place;
    writeSegment(
      journal,
      1,
      numbers(1, 100).map((seq) => carriedHeartbeat(seq)),
    );
    const durable = new BootRanges();
    durable.add(CARRIED_BOOT, 1, 60);
    const issuer = part.signer ?? collector;
    const file = writeReceipt(part.agentId ?? identity.agentId, durable, 5, {
      publicKey: issuer.publicKey,
      sign: signerOf(issuer).sign,
    });
    mkdirSync(join(folder, 'receipts'), { recursive: true });
    const name = `${identity.agentId}.${collectorIdOf(collector.publicKey)}.receipt`;
    writeFileSync(join(folder, 'receipts', name), file);
    const freed: [string, readonly (readonly [number, number])[]][] = [];
    const ack = (bootId: string, ranges: readonly (readonly [number, number])[]): number => {
      freed.push([bootId, ranges]);
      return 60;
    };
    const of = { agentId: identity.agentId, publicKey: collector.publicKey };
    return { ...place, name, freed, take: () => takeReceipts(place.inbox, { ack }, of) };
  }

  it('of the pinned collector spare the stick what is stored, and free the journal', () => {
    const { run, folder, inbox, take, freed } = receipted();
    expect(run()).toMatchObject({ writtenHeartbeats: 40, receivedHeartbeats: 60 });
    expect(onStick(folder).sort()).toEqual(named(CARRIED_BOOT, 61, 100).sort());
    expect(take()).toEqual({ freed: 60, refused: 0 });
    expect(freed).toEqual([[CARRIED_BOOT, [[1, 60]]]]);
    expect(readdirSync(inbox)).toEqual([]);
    expect(take()).toEqual({ freed: 0, refused: 0 });
  });

  it('of anybody else, or of another workstation, free nothing', () => {
    for (const part of [{ signer: newIdentity() }, { agentId: newIdentity().agentId }]) {
      const { run, inbox } = receipted(part);
      expect(run()).toMatchObject({ writtenHeartbeats: 100, receivedHeartbeats: 0 });
      expect(existsSync(inbox)).toBe(false);
    }
  });

  it('that somebody else laid into the inbox are thrown away unread', () => {
    const { inbox, name, take, freed } = receipted();
    mkdirSync(inbox);
    writeFileSync(join(inbox, name), 'nonsense');
    writeFileSync(join(inbox, 'other.txt'), 'stays');
    symlinkSync('other.txt', join(inbox, name.replace(/^w-.{16}/, newIdentity().agentId)));
    expect(take()).toEqual({ freed: 0, refused: 1 });
    expect(freed).toEqual([]);
    expect(existsSync(join(inbox, 'other.txt'))).toBe(true);
  });

  it('are not waited for when there is no pinned key or no inbox', () => {
    const { run, take } = receipted();
    expect(take()).toEqual({ freed: 0, refused: 0 });
    expect(run({ pinnedKey: undefined })).toMatchObject({ writtenHeartbeats: 100 });
  });
});

describe('times of the journal', () => {
  const boot = (bootId: string, part: object = {}) => ({
    bootId,
    startedWallMs: CARRIED_FROM_MS,
    lastMonotonicMs: 100_000,
    ...part,
  });
  const at = carriedHeartbeat(4, { monotonicMs: 20_000 });

  it('are the collector’s where a boot met it', () => {
    expect(journalTimes([boot(CARRIED_BOOT, { offsetMs: 5_000_000 })])(at)).toBe(5_020_000);
  });

  it('are put right by the error that the wall clock had when it was last known', () => {
    // Ten minutes fast, met the collector yesterday, not since.
    const met = boot(OTHER_BOOT, {
      startedWallMs: CARRIED_FROM_MS - 86_400_000,
      offsetMs: CARRIED_FROM_MS - 86_400_000 - 600_000,
    });
    expect(journalTimes([met, boot(CARRIED_BOOT)])(at)).toBe(CARRIED_FROM_MS - 600_000 + 20_000);
  });

  it('are unknown when no boot ever met the collector', () => {
    expect(journalTimes([boot(CARRIED_BOOT)])(at)).toBeUndefined();
    expect(journalTimes([])(at)).toBeUndefined();
  });

  it('travel with the parts', () => {
    const { journal, run, folder } = exportingWorkstation();
    writeSegment(journal, 1, [at]);
    run({ producedAt: journalTimes([boot(CARRIED_BOOT, { offsetMs: 5_000_000 })]) });
    const [name = ''] = readdirSync(folder);
    const part = new PartReader(carryKeys).open(readFileSync(join(folder, name)), {});
    expect(part.kind === 'opened' && part.head.clock).toBe('collector');
    expect(statSync(join(folder, name)).size).toBeLessThan(carryLimits.partFileBytes);
  });
});
