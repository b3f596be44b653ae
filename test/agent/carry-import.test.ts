import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { carryLimits, partName } from '@ppe-pulse/protocol/carry';
import { takeInbox } from '../../agent/src/carry/inbox.ts';
import { newIdentity, type PeerIdentity } from '../support/agent-peer.ts';
import {
  CARRIED_BOOT,
  CARRIED_FROM_MS,
  carriedHeartbeat,
  numbers,
  partOf,
  putPart,
  signerOf,
} from '../support/carried.ts';
import { beats, headquarters, nowMs, spool } from '../support/headquarters.ts';
import { foreignFiles, protectStick, smallStick } from '../support/stick.ts';
import { tempDir } from '../support/temp-dir.ts';

describe('import in the Штаб', () => {
  it('brings every heartbeat to the spool once, with its own time, as carried', async () => {
    const [one, two] = [newIdentity(), newIdentity()];
    const { stick, run, find, inbox, waiting, receiptOf } = headquarters([one, two]);
    putPart(stick, partOf(signerOf(one), beats(1, 450), nowMs - 60_000));
    putPart(stick, partOf(signerOf(one), beats(451, 460), nowMs - 60_000));
    putPart(stick, partOf(signerOf(two), beats(1, 3), nowMs - 60_000));
    expect(run()).toMatchObject({
      fault: null,
      newParts: 3,
      newHeartbeats: 463,
      refusedParts: 0,
      receipts: 2,
    });
    expect(waiting()).toHaveLength(3);
    expect([...(receiptOf(one)?.boots() ?? [])]).toEqual([[CARRIED_BOOT, [[1, 460]]]]);
    const { sink, got } = spool();
    expect(await takeInbox(inbox, find, sink)).toEqual({
      takenParts: 3,
      takenHeartbeats: 463,
      refusedHeartbeats: 0,
      refusedParts: 0,
      waitingParts: 0,
    });
    expect(waiting()).toEqual([]);
    expect(new Set(got.map(([id, { seq }]) => `${id}/${seq}`)).size).toBe(463);
    const [, first] = got.find(([id, { seq }]) => id === one.agentId && seq === 7) ?? [];
    expect(first).toEqual({
      ...carriedHeartbeat(7),
      agentId: one.agentId,
      delivery: 'carried',
      producedAtMs: CARRIED_FROM_MS + 35_000,
    });
  });

  it('takes nothing twice: the same stick again, another stick, and after the relay took it', async () => {
    const member = newIdentity();
    const { stick, run, find, inbox } = headquarters([member]);
    const part = partOf(signerOf(member), beats(1, 20));
    putPart(stick, part);
    run();
    expect(run()).toMatchObject({ newParts: 0, newHeartbeats: 0, repeatedParts: 1, fault: null });
    const { sink, got } = spool();
    await takeInbox(inbox, find, sink);
    const other = tempDir();
    putPart(other, part);
    putPart(other, partOf(signerOf(member), beats(5, 9)));
    putPart(other, partOf(signerOf(member), beats(18, 22)));
    expect(run({ stick: other })).toMatchObject({ newParts: 1, repeatedParts: 2, receipts: 1 });
    await takeInbox(inbox, find, sink);
    expect(got.map(([, { seq }]) => seq)).toEqual([...numbers(1, 20), ...numbers(18, 22)]);
  });

  it('passes over what this very PC has exported', () => {
    const { stick, run, relay } = headquarters([]);
    putPart(stick, partOf(signerOf(relay), beats(1, 9)));
    expect(run()).toMatchObject({ fault: null, newParts: 0, refusedParts: 0 });
  });

  it('refuses another ППЭ’s parts one by one and says whose they say they are', () => {
    const [member, stranger] = [newIdentity(), newIdentity()];
    const { stick, run, waiting, receiptOf } = headquarters([member]);
    const foreign = partOf(signerOf(stranger, { siteCode: '0077' }), beats(1, 9));
    const good = partOf(signerOf(member), beats(1, 9));
    putPart(stick, foreign);
    putPart(stick, good);
    expect(run()).toMatchObject({
      fault: null,
      newParts: 1,
      refusedParts: 1,
      refused: [{ part: partName(foreign.name), reason: 'unknownWorkstation', siteCode: '0077' }],
    });
    expect(waiting()).toEqual([partName(good.name)]);
    expect(receiptOf(stranger)).toBeUndefined();
  });

  it('refuses what is forged, altered, cut off, too big or a bomb, and takes the rest', () => {
    const members = numbers(1, 7).map(() => newIdentity());
    const [good, forged, altered, cut, bomb, big, rekeyed] = members as [
      PeerIdentity,
      PeerIdentity,
      PeerIdentity,
      PeerIdentity,
      PeerIdentity,
      PeerIdentity,
      PeerIdentity,
    ];
    const { stick, run, waiting } = headquarters(members);
    const put = (by: PeerIdentity, part: Parameters<typeof signerOf>[1] = {}) =>
      putPart(stick, partOf(signerOf(by, part), beats(1, 9)));
    put(good);
    put(forged, { sign: signerOf(newIdentity()).sign });
    const alteredPath = put(altered);
    const bytes = readFileSync(alteredPath);
    bytes[bytes.length - 9] = (bytes.at(-9) ?? 0) ^ 255;
    writeFileSync(alteredPath, bytes);
    truncateSync(put(cut), 700);
    put(bomb, { pack: () => gzipSync(Buffer.alloc(carryLimits.partTextBytes * 4)) });
    truncateSync(put(big), carryLimits.partFileBytes + 1);
    put(rekeyed, { publicKey: newIdentity().publicKey });
    const report = run();
    const reasons = Object.fromEntries(
      report.refused.map(({ part, reason }) => [part.slice(0, 18), reason]),
    );
    expect(reasons).toEqual({
      [forged.agentId]: 'badSignature',
      [altered.agentId]: 'damaged',
      [cut.agentId]: 'damaged',
      [bomb.agentId]: 'damaged',
      [big.agentId]: 'tooBig',
      [rekeyed.agentId]: 'foreignKey',
    });
    expect(report).toMatchObject({ fault: null, newParts: 1, refusedParts: 6 });
    expect(waiting()).toHaveLength(1);
  });

  it('opens regular files of its own names only: no links, pipes, folders, no paths', () => {
    const member = newIdentity();
    const { stick, run, waiting } = headquarters([member]);
    const part = partOf(signerOf(member), beats(1, 9));
    const folder = join(stick, 'ppe-pulse');
    const named = (from: number): string => join(folder, partName({ ...part.name, from }));
    mkdirSync(join(folder, 'deeper'), { recursive: true });
    writeFileSync(join(stick, 'elsewhere.part'), part.file);
    symlinkSync(join(stick, 'elsewhere.part'), named(1));
    execFileSync('mkfifo', [named(2)]);
    mkdirSync(named(3));
    writeFileSync(join(folder, 'deeper', partName(part.name)), part.file);
    writeFileSync(join(folder, 'readme.txt'), 'hello');
    writeFileSync(join(folder, `${partName(part.name)}.exe`), part.file);
    expect(run()).toMatchObject({
      fault: null,
      newParts: 0,
      refusedParts: 0,
      strangeEntries: 3,
    });
    expect(waiting()).toEqual([]);
  });

  it('does not go through a link in place of its folder', () => {
    const member = newIdentity();
    const { stick, run } = headquarters([member]);
    const elsewhere = tempDir();
    putPart(elsewhere, partOf(signerOf(member), beats(1, 9)));
    symlinkSync(join(elsewhere, 'ppe-pulse'), join(stick, 'ppe-pulse'));
    expect(run()).toMatchObject({ fault: 'notAFolder', newParts: 0 });
    rmSync(join(stick, 'ppe-pulse'));
    expect(run()).toMatchObject({ fault: 'notAFolder', newParts: 0 });
  });

  it('touches nothing else on the stick, and leaves receipts only there', () => {
    const member = newIdentity();
    const { stick, run } = headquarters([member]);
    putPart(stick, partOf(signerOf(member), beats(1, 9)));
    mkdirSync(join(stick, 'receipts'));
    writeFileSync(join(stick, 'receipts', 'mine.receipt'), 'mine');
    const before = foreignFiles(stick);
    const parts = foreignFiles(join(stick, 'ppe-pulse'));
    run();
    expect(foreignFiles(stick)).toEqual(before);
    for (const [name, state] of parts)
      expect(foreignFiles(join(stick, 'ppe-pulse')).get(name)).toBe(state);
  });

  it('takes heartbeats of a write-protected stick, too, and says that it has no receipts', (test) => {
    const stick = smallStick(4_000_000);
    if (stick === undefined) return test.skip('a small stick is a mount: root only');
    const member = newIdentity();
    const { run, waiting } = headquarters([member], stick);
    putPart(stick, partOf(signerOf(member), beats(1, 9)));
    protectStick(stick, true);
    expect(run()).toMatchObject({
      fault: null,
      newHeartbeats: 9,
      receipts: 0,
      receiptFault: 'readOnly',
    });
    expect(waiting()).toHaveLength(1);
    protectStick(stick, false);
    // Taken before, but its receipt is still due.
    expect(run()).toMatchObject({ newHeartbeats: 0, repeatedParts: 1, receipts: 1 });
  });

  it('ends when the stick is pulled out while it reads, and keeps what it has', () => {
    const members = numbers(1, 5).map(() => newIdentity());
    const { stick, run, find, waiting } = headquarters(members);
    for (const each of members) putPart(stick, partOf(signerOf(each), beats(1, 3)));
    let looked = 0;
    const report = run({
      find: (id) => {
        looked += 1;
        if (looked === 3) renameSync(stick, `${stick}-pulled`);
        return find(id);
      },
    });
    renameSync(`${stick}-pulled`, stick);
    expect(report).toMatchObject({ fault: 'gone', newParts: 3, refusedParts: 0, receipts: 0 });
    expect(report.receiptFault).not.toBeNull();
    expect(waiting()).toHaveLength(3);
    expect(run()).toMatchObject({ fault: null, newParts: 2, repeatedParts: 3, receipts: 5 });
  });

  it('reads thousands of files and names no more than a hundred refusals', () => {
    const member = newIdentity();
    const { stick, run } = headquarters([member]);
    const { name, file } = partOf(signerOf(member), beats(1, 2));
    mkdirSync(join(stick, 'ppe-pulse'));
    for (const from of numbers(1, 3_000))
      writeFileSync(join(stick, 'ppe-pulse', partName({ ...name, from, to: from })), 'junk');
    putPart(stick, { name, file });
    const report = run();
    expect(report).toMatchObject({ newParts: 1, refusedParts: 3_000, isCut: false });
    expect(report.refused).toHaveLength(100);
  });

  it('stops when the relay’s queue is full, and goes on later', async () => {
    const member = newIdentity();
    const { stick, run, find, inbox } = headquarters([member]);
    const first = partOf(signerOf(member), beats(1, 9));
    putPart(stick, first);
    putPart(stick, partOf(signerOf(member), beats(10, 19)));
    const inboxBytes = Math.round(first.file.length * 1.5);
    expect(run({ inboxBytes })).toMatchObject({ fault: 'inboxFull', newParts: 1 });
    expect(run({ inboxBytes })).toMatchObject({
      fault: 'inboxFull',
      newParts: 0,
      repeatedParts: 1,
    });
    await takeInbox(inbox, find, spool().sink);
    expect(run({ inboxBytes })).toMatchObject({ fault: null, newParts: 1, repeatedParts: 1 });
  });

  it('promises nothing before it knows the ППЭ’s workstations; the parts wait', async () => {
    const [member, stranger] = [newIdentity(), newIdentity()];
    const { stick, run, find, inbox, waiting, receiptOf } = headquarters([member]);
    putPart(stick, partOf(signerOf(member), beats(1, 9)));
    putPart(stick, partOf(signerOf(stranger), beats(1, 9)));
    expect(run({ find: undefined })).toMatchObject({ hasRoster: false, newParts: 2, receipts: 0 });
    expect(run({ find: undefined })).toMatchObject({ newParts: 0, repeatedParts: 2 });
    expect(receiptOf(member)).toBeUndefined();
    const { sink, got } = spool();
    expect(await takeInbox(inbox, find, sink)).toMatchObject({ takenParts: 1, waitingParts: 1 });
    expect(new Set(got.map(([id]) => id))).toEqual(new Set([member.agentId]));
    expect(waiting()).toHaveLength(1);
  });
});
