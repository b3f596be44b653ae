import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { draftName, parsePartName, partName } from '@ppe-pulse/protocol/carry';
import { newIdentity } from '../support/agent-peer.ts';
import {
  CARRIED_BOOT,
  carriedHeartbeat,
  numbers,
  partOf,
  putPart,
  signerOf,
  writeSegment,
} from '../support/carried.ts';
import { exportingWorkstation, named, onStick } from '../support/exporting-workstation.ts';
import { foreignFiles, protectStick, smallStick } from '../support/stick.ts';
import { tempDir } from '../support/temp-dir.ts';

const OTHER_BOOT = '00000000000000b2';

describe('export', () => {
  it('writes the whole journal in parts of 2,000, each boot apart', () => {
    const { journal, folder, run, parts } = exportingWorkstation();
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
      [...named(CARRIED_BOOT, 1, 4_500), ...named(OTHER_BOOT, 1, 10)].sort(),
    );
    expect(readdirSync(folder).length).toBe(4);
  });

  it('writes only what is new the next time', () => {
    const { journal, folder, run } = exportingWorkstation();
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
    expect(onStick(folder).sort()).toEqual(named(CARRIED_BOOT, 1, 60).sort());
  });

  it('does not mind gaps, a repeated record, or a record that is being written', () => {
    const { journal, folder, run } = exportingWorkstation();
    const beats = [1, 2, 5, 6, 6, 4, 9].map((seq) => carriedHeartbeat(seq));
    writeSegment(journal, 1, beats, Buffer.from('half a record'));
    expect(run()).toMatchObject({ fault: null, damagedJournalBytes: 0 });
    expect(onStick(folder).sort()).toEqual(
      [1, 2, 4, 5, 6, 9].map((seq) => `${CARRIED_BOOT}/${seq}`),
    );
    expect(run()).toMatchObject({ writtenParts: 0 });
  });

  it('reads past damage in a segment that nobody writes any more, and says how much', () => {
    const { journal, folder, run } = exportingWorkstation();
    writeSegment(journal, 1, [carriedHeartbeat(1)], Buffer.alloc(100, 7));
    writeSegment(journal, 2, [carriedHeartbeat(3)]);
    expect(run()).toMatchObject({ writtenHeartbeats: 2, damagedJournalBytes: 100 });
    expect(onStick(folder).sort()).toEqual([`${CARRIED_BOOT}/1`, `${CARRIED_BOOT}/3`]);
  });

  it('goes on where it was interrupted and removes its own drafts only', () => {
    const { journal, folder, run, identity, stick } = exportingWorkstation();
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
    const { journal, folder, run, parts } = exportingWorkstation();
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
    const { journal, folder, run, identity, stick } = exportingWorkstation();
    const lost = partOf(signerOf(identity), [carriedHeartbeat(1)]);
    putPart(stick, { name: lost.name, file: lost.file.subarray(0, 400) });
    writeSegment(journal, 1, [carriedHeartbeat(7)]);
    expect(run()).toMatchObject({ damagedParts: 1, writtenHeartbeats: 1, removedDamagedParts: 0 });
    expect(existsSync(join(folder, partName(lost.name)))).toBe(true);
  });

  it('does not take another workstation’s part under its own name for its own', () => {
    const { journal, run, identity, stick, folder } = exportingWorkstation();
    writeSegment(journal, 1, [carriedHeartbeat(1)]);
    const thief = newIdentity();
    const forged = partOf({ ...signerOf(thief), agentId: identity.agentId }, [carriedHeartbeat(1)]);
    putPart(stick, forged);
    expect(run()).toMatchObject({ writtenHeartbeats: 1, presentHeartbeats: 0 });
    expect(onStick(folder)).toEqual([`${CARRIED_BOOT}/1`]);
  });

  it('touches nothing else on the stick', () => {
    const { journal, run, identity, stick } = exportingWorkstation();
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
    const { journal, run, identity, folder } = exportingWorkstation();
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
    const { journal, run, stick } = exportingWorkstation();
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
    const { journal, run, stick } = exportingWorkstation();
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
    const { journal, run } = exportingWorkstation();
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
    if (stick === undefined) return test.skip('a small stick is a mount: root only');
    const { journal, folder, run } = exportingWorkstation(stick);
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
    if (stick === undefined) return test.skip('a small stick is a mount: root only');
    const { journal, run } = exportingWorkstation(stick);
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
