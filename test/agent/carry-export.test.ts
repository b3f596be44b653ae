import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  BootRanges,
  carryLimits,
  draftName,
  parsePartName,
  partName,
  PartReader,
  writeReceipt,
} from '@ppe-pulse/protocol/carry';
import { carryKeys, unpackNow } from '../../agent/src/carry/carry-keys.ts';
import { exportToStick, type ExportReport } from '../../agent/src/carry/export-to-stick.ts';
import { journalTimes } from '../../agent/src/carry/journal-times.ts';
import { takeReceipts } from '../../agent/src/carry/receipts.ts';
import { collectorIdOf } from '../../agent/src/platform/identity.ts';
import { newIdentity } from '../support/agent-peer.ts';
import {
  CARRIED_BOOT,
  CARRIED_FROM_MS,
  carriedHeartbeat,
  numbers,
  partOf,
  putPart,
  signerOf,
  writeSegment,
} from '../support/carried.ts';
import { foreignFiles, protectStick, smallStick } from '../support/stick.ts';
import { tempDir } from '../support/temp-dir.ts';

const OTHER_BOOT = '00000000000000b2';

/** A workstation with a journal, and a stick. */
function workstation(stick = tempDir()) {
  const identity = newIdentity();
  const collector = newIdentity();
  const home = tempDir();
  const journal = join(home, 'journal');
  const inbox = join(home, 'receipts-inbox');
  const folder = join(stick, 'ppe-pulse');
  const run = (part: Partial<Parameters<typeof exportToStick>[0]> = {}): ExportReport =>
    exportToStick({
      stick,
      journal,
      signer: signerOf(identity),
      pinnedKey: collector.publicKey,
      receiptsInbox: inbox,
      nowMs: Date.now,
      producedAt: () => undefined,
      ...part,
    });
  const parts = (): string[] =>
    readdirSync(folder)
      .filter((name) => parsePartName(name))
      .sort();
  return { identity, collector, journal, inbox, stick, folder, run, parts };
}

/** Every heartbeat on the stick that a reader would take, `boot/seq`, duplicates included. */
function onStick(folder: string): string[] {
  const reader = new PartReader(carryKeys);
  return readdirSync(folder).flatMap((fileName) => {
    const name = parsePartName(fileName);
    if (!name) return [];
    const part = reader.open(readFileSync(join(folder, fileName)), { name });
    if (part.kind === 'refused') return [];
    const text = unpackNow(part.packed) ?? '';
    return [...reader.heartbeats(part.head, text)].map((each) => `${each?.bootId}/${each?.seq}`);
  });
}

const all = (boot: string, from: number, to: number): string[] =>
  numbers(from, to).map((seq) => `${boot}/${seq}`);

describe('export', () => {
  it('writes the whole journal in parts of 2,000, each boot apart', () => {
    const { journal, folder, run, parts } = workstation();
    writeSegment(
      journal,
      1,
      numbers(1, 3_000).map((seq) => carriedHeartbeat(seq)),
    );
    writeSegment(journal, 2, [
      ...numbers(3_001, 4_500).map((seq) => carriedHeartbeat(seq)),
      ...numbers(1, 10).map((seq) => carriedHeartbeat(seq, { bootId: OTHER_BOOT })),
    ]);
    const report = run();
    expect(report).toMatchObject({ fault: null, writtenHeartbeats: 4_510, missingHeartbeats: 0 });
    expect(parts().map((name) => name.split('.').slice(2).join('.'))).toEqual([
      '1-2000.part',
      '2001-4000.part',
      '4001-4500.part',
      '1-10.part',
    ]);
    expect(onStick(folder).sort()).toEqual(
      [...all(CARRIED_BOOT, 1, 4_500), ...all(OTHER_BOOT, 1, 10)].sort(),
    );
    expect(readdirSync(folder).length).toBe(4);
  });

  it('writes only what is new the next time', () => {
    const { journal, folder, run } = workstation();
    writeSegment(
      journal,
      1,
      numbers(1, 50).map((seq) => carriedHeartbeat(seq)),
    );
    run();
    const before = foreignFiles(folder);
    expect(run()).toMatchObject({ writtenParts: 0, presentHeartbeats: 50, fault: null });
    expect(foreignFiles(folder)).toEqual(before);
    writeSegment(
      journal,
      2,
      numbers(51, 60).map((seq) => carriedHeartbeat(seq)),
    );
    expect(run()).toMatchObject({ writtenParts: 1, writtenHeartbeats: 10, presentHeartbeats: 50 });
    expect(onStick(folder).sort()).toEqual(all(CARRIED_BOOT, 1, 60).sort());
  });

  it('does not mind gaps, a repeated record, or a record that is being written', () => {
    const { journal, folder, run } = workstation();
    const beats = [1, 2, 5, 6, 6, 4, 9].map((seq) => carriedHeartbeat(seq));
    writeSegment(journal, 1, beats, Buffer.from('half a record'));
    expect(run()).toMatchObject({ fault: null, damagedJournalBytes: 0 });
    expect(onStick(folder).sort()).toEqual(
      [1, 2, 4, 5, 6, 9].map((seq) => `${CARRIED_BOOT}/${seq}`),
    );
    expect(run()).toMatchObject({ writtenParts: 0 });
  });

  it('reads past damage in a segment that nobody writes any more, and says how much', () => {
    const { journal, folder, run } = workstation();
    writeSegment(journal, 1, [carriedHeartbeat(1)], Buffer.alloc(100, 7));
    writeSegment(journal, 2, [carriedHeartbeat(3)]);
    expect(run()).toMatchObject({ writtenHeartbeats: 2, damagedJournalBytes: 100 });
    expect(onStick(folder).sort()).toEqual([`${CARRIED_BOOT}/1`, `${CARRIED_BOOT}/3`]);
  });

  it('goes on where it was interrupted and removes its own drafts only', () => {
    const { journal, folder, run, identity, stick } = workstation();
    writeSegment(
      journal,
      1,
      numbers(1, 30).map((seq) => carriedHeartbeat(seq)),
    );
    const own = { agentId: identity.agentId, bootId: CARRIED_BOOT, from: 1, to: 30 };
    const stranger = { ...own, agentId: newIdentity().agentId };
    mkdirSync(folder);
    writeFileSync(join(folder, draftName(own)), 'half');
    writeFileSync(join(folder, draftName(stranger)), 'half');
    writeFileSync(join(stick, draftName(own)), 'not in our folder');
    expect(run()).toMatchObject({ removedDrafts: 1, writtenHeartbeats: 30 });
    expect(existsSync(join(folder, draftName(own)))).toBe(false);
    expect(readFileSync(join(folder, draftName(stranger)), 'utf8')).toBe('half');
    expect(readFileSync(join(stick, draftName(own)), 'utf8')).toBe('not in our folder');
  });

  it('writes a damaged part again, and removes one that others cover', () => {
    const { journal, folder, run, parts } = workstation();
    writeSegment(
      journal,
      1,
      numbers(1, 20).map((seq) => carriedHeartbeat(seq)),
    );
    run();
    const [name = ''] = parts();
    writeFileSync(join(folder, name), readFileSync(join(folder, name)).subarray(0, 500));
    expect(run()).toMatchObject({ writtenParts: 1, removedDamagedParts: 0, damagedParts: 0 });
    expect(onStick(folder)).toHaveLength(20);
    // Cut off, and by now there is more: it comes under another name.
    writeFileSync(join(folder, name), 'x');
    writeSegment(
      journal,
      2,
      numbers(21, 40).map((seq) => carriedHeartbeat(seq)),
    );
    expect(run()).toMatchObject({ writtenParts: 1, removedDamagedParts: 1, damagedParts: 0 });
    expect(parts()).toEqual([name.replace('1-20', '1-40')]);
  });

  it('keeps a damaged part that it cannot replace, and says so', () => {
    const { journal, folder, run, identity, stick } = workstation();
    const lost = partOf(signerOf(identity), [carriedHeartbeat(1)]);
    putPart(stick, { name: lost.name, file: lost.file.subarray(0, 400) });
    writeSegment(journal, 1, [carriedHeartbeat(7)]);
    expect(run()).toMatchObject({ damagedParts: 1, writtenHeartbeats: 1, removedDamagedParts: 0 });
    expect(existsSync(join(folder, partName(lost.name)))).toBe(true);
  });

  it('does not take another workstation’s part under its own name for its own', () => {
    const { journal, run, identity, stick, folder } = workstation();
    writeSegment(journal, 1, [carriedHeartbeat(1)]);
    const thief = newIdentity();
    const forged = partOf({ ...signerOf(thief), agentId: identity.agentId }, [carriedHeartbeat(1)]);
    putPart(stick, forged);
    expect(run()).toMatchObject({ writtenHeartbeats: 1, presentHeartbeats: 0 });
    expect(onStick(folder)).toEqual([`${CARRIED_BOOT}/1`]);
  });

  it('touches nothing else on the stick', () => {
    const { journal, run, identity, stick } = workstation();
    writeSegment(journal, 1, [carriedHeartbeat(1)]);
    const other = partOf(signerOf(identity), [carriedHeartbeat(1)]);
    for (const folder of ['', 'keys', 'ppe-pulse-old', 'keys/ppe-pulse'])
      mkdirSync(join(stick, folder), { recursive: true });
    const names = [
      'key.dat',
      'ppe-pulse.txt',
      partName(other.name),
      draftName(other.name),
      `keys/${partName(other.name)}`,
      `keys/ppe-pulse/${draftName(other.name)}`,
      `ppe-pulse-old/${partName(other.name)}`,
    ];
    for (const [at, name] of names.entries()) {
      writeFileSync(join(stick, name), `${name} ${at}`);
      utimesSync(join(stick, name), 1_000 + at, 2_000 + at);
    }
    symlinkSync('key.dat', join(stick, 'link'));
    const before = foreignFiles(stick);
    run();
    run();
    expect(foreignFiles(stick)).toEqual(before);
    expect(before.size).toBe(names.length + 4);
  });

  it('does not write through links that somebody laid', () => {
    const { journal, run, identity, folder } = workstation();
    writeSegment(journal, 1, [carriedHeartbeat(1)]);
    const victim = join(tempDir(), 'victim');
    writeFileSync(victim, 'untouched');
    mkdirSync(folder);
    const name = { agentId: identity.agentId, bootId: CARRIED_BOOT, from: 1, to: 1 };
    symlinkSync(victim, join(folder, draftName(name)));
    symlinkSync(victim, join(folder, partName(name)));
    expect(run()).toMatchObject({ fault: null, writtenParts: 1 });
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(lstatSync(join(folder, partName(name))).isFile()).toBe(true);
    const elsewhere = tempDir();
    rmSync(folder, { recursive: true });
    symlinkSync(elsewhere, folder);
    expect(run()).toMatchObject({ fault: 'notAFolder', missingHeartbeats: 1 });
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('says that the stick is gone, or a file, and how much is not on it', () => {
    const { journal, run, stick } = workstation();
    writeSegment(
      journal,
      1,
      numbers(1, 5).map((seq) => carriedHeartbeat(seq)),
    );
    const none = join(stick, 'nothing');
    expect(run({ stick: none })).toMatchObject({ fault: 'gone', missingHeartbeats: 5 });
    expect(existsSync(none)).toBe(false);
    writeFileSync(none, 'a file');
    expect(run({ stick: none })).toMatchObject({ fault: 'notAFolder', missingHeartbeats: 5 });
  });

  it('stops when the stick is pulled out between two parts', () => {
    const { journal, run, stick } = workstation();
    writeSegment(
      journal,
      1,
      numbers(1, 4_000).map((seq) => carriedHeartbeat(seq)),
    );
    let asked = 0;
    const nowMs = (): number => {
      asked += 1;
      if (asked === 2) renameSync(stick, `${stick}-pulled`);
      return 1;
    };
    const report = run({ nowMs });
    renameSync(`${stick}-pulled`, stick);
    expect(report).toMatchObject({
      fault: 'gone',
      writtenHeartbeats: 2_000,
      missingHeartbeats: 2_000,
    });
    expect(run()).toMatchObject({
      fault: null,
      writtenHeartbeats: 2_000,
      presentHeartbeats: 2_000,
    });
  });

  it('leaves out what no reader takes, and counts it', () => {
    const { journal, run } = workstation();
    const huge = { metrics: { [`a.${'x'.repeat(70_000)}`]: 1 } };
    writeSegment(journal, 1, [carriedHeartbeat(1), carriedHeartbeat(2, huge), carriedHeartbeat(3)]);
    expect(run()).toMatchObject({ writtenHeartbeats: 2, oversizedHeartbeats: 1, fault: null });
  });
});

describe('export to a stick without room', () => {
  const noisy = (seq: number) =>
    carriedHeartbeat(seq, {
      metrics: Object.fromEntries(numbers(1, 12).map((at) => [`m.n${at}`, Math.sin(seq * at)])),
    });

  it('keeps what was written, says what is missing, and ends the work when there is room', (test) => {
    const stick = smallStick(400_000);
    if (stick === undefined) return test.skip();
    const { journal, folder, run } = workstation(stick);
    for (const segment of numbers(0, 5))
      writeSegment(
        journal,
        segment + 1,
        numbers(segment * 1_000 + 1, segment * 1_000 + 1_000).map(noisy),
      );
    const full = run();
    expect(full.fault).toBe('full');
    expect(full.writtenHeartbeats).toBeGreaterThan(0);
    expect(full.writtenHeartbeats + full.missingHeartbeats).toBe(6_000);
    expect(full.missingBytes).toBeGreaterThan(full.freeBytes ?? Number.POSITIVE_INFINITY);
    expect(onStick(folder)).toHaveLength(full.writtenHeartbeats);
    expect(readdirSync(folder).every((name) => parsePartName(name) !== undefined)).toBe(true);
    const room = smallStick(full.writtenBytes + full.missingBytes + 200_000) ?? '';
    for (const name of readdirSync(folder)) {
      mkdirSync(join(room, 'ppe-pulse'), { recursive: true });
      writeFileSync(join(room, 'ppe-pulse', name), readFileSync(join(folder, name)));
    }
    expect(run({ stick: room })).toMatchObject({
      fault: null,
      presentHeartbeats: full.writtenHeartbeats,
      writtenHeartbeats: full.missingHeartbeats,
    });
    expect(new Set(onStick(join(room, 'ppe-pulse'))).size).toBe(6_000);
  });

  it('is told from one that is write-protected', (test) => {
    const stick = smallStick(4_000_000);
    if (stick === undefined) return test.skip();
    const { journal, run } = workstation(stick);
    writeSegment(
      journal,
      1,
      numbers(1, 5).map((seq) => carriedHeartbeat(seq)),
    );
    protectStick(stick, true);
    expect(run()).toMatchObject({ fault: 'readOnly', writtenParts: 0, missingHeartbeats: 5 });
    protectStick(stick, false);
    expect(run()).toMatchObject({ fault: null, writtenHeartbeats: 5 });
    protectStick(stick, true);
    writeSegment(journal, 2, [carriedHeartbeat(6)]);
    expect(run()).toMatchObject({ fault: 'readOnly', presentHeartbeats: 5, missingHeartbeats: 1 });
  });
});

describe('receipts at the workstation', () => {
  function receipted(part: { signer?: ReturnType<typeof newIdentity>; agentId?: string } = {}) {
    const place = workstation();
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
    expect(onStick(folder).sort()).toEqual(all(CARRIED_BOOT, 61, 100).sort());
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
    const { journal, run, folder } = workstation();
    writeSegment(journal, 1, [at]);
    run({ producedAt: journalTimes([boot(CARRIED_BOOT, { offsetMs: 5_000_000 })]) });
    const [name = ''] = readdirSync(folder);
    const part = new PartReader(carryKeys).open(readFileSync(join(folder, name)), {});
    expect(part.kind === 'opened' && part.head.clock).toBe('collector');
    expect(statSync(join(folder, name)).size).toBeLessThan(carryLimits.partFileBytes);
  });
});
