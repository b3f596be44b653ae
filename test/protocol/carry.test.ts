import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits, type Heartbeat } from '@ppe-pulse/protocol';
import {
  BootRanges,
  carryLimits,
  draftName,
  draftOwner,
  parsePartName,
  parseReceiptName,
  PartDraft,
  partName,
  PartReader,
  partSigningText,
  producedAt,
  readReceipt,
  receiptName,
  wallShiftMs,
  writeReceipt,
  type PartHead,
  type PartOutcome,
} from '@ppe-pulse/protocol/carry';
import { carryKeys } from '../../agent/src/carry/carry-keys.ts';
import { newIdentity } from '../support/agent-peer.ts';
import {
  CARRIED_BOOT,
  CARRIED_FROM_MS,
  carriedHeartbeat,
  numbers,
  partOf,
  signerOf,
} from '../support/carried.ts';
import { fuzzed, fuzzSeed } from '../support/fuzz.ts';

const identity = newIdentity();
const signer = signerOf(identity);
const reader = new PartReader(carryKeys);
const place = { siteCode: '0042', roomCode: '0012', role: 'organizer', duty: 'main' } as const;
const known = {
  id: identity.agentId,
  publicKey: identity.publicKey,
  placement: { ...place, simulated: false },
};
const find = (id: string) => (id === identity.agentId ? known : undefined);

const outcomeOf = (outcome: PartOutcome): string =>
  outcome.kind === 'opened' ? 'opened' : outcome.refusal;

function headOf(outcome: PartOutcome): PartHead {
  if (outcome.kind !== 'opened') throw new Error(outcome.refusal);
  return outcome.head;
}

function heartbeatsOf(outcome: PartOutcome): (Heartbeat | undefined)[] {
  if (outcome.kind !== 'opened') throw new Error(outcome.refusal);
  const text = gunzipSync(outcome.packed).toString('utf8');
  return [...reader.heartbeats(outcome.head, text)];
}

describe('a part', () => {
  it('gives back what was written: numbers, times, and «carried» for «live»', () => {
    const written = numbers(3, 40).map((seq) => carriedHeartbeat(seq));
    const { name, file } = partOf(signer, written, 77);
    const opened = reader.open(file, { name, find });
    expect(headOf(opened)).toMatchObject({
      agentId: identity.agentId,
      bootId: CARRIED_BOOT,
      from: 3,
      to: 40,
      count: 38,
      exportedAtMs: 77,
      siteCode: '0042',
      clock: 'wall',
    });
    expect(heartbeatsOf(opened)).toEqual(
      written.map((each) => ({ ...each, delivery: 'carried' as const })),
    );
  });

  it('says what the agent knew of the collector’s clock', () => {
    const timed = numbers(1, 2).map((seq) => carriedHeartbeat(seq, { producedAtMs: 1_000 + seq }));
    const opened = reader.open(partOf(signer, timed).file, {});
    expect(headOf(opened).clock).toBe('collector');
    expect(heartbeatsOf(opened).map((each) => each?.producedAtMs)).toEqual([1_001, 1_002]);
  });

  it('ends at 2,000 heartbeats, at another boot and where numbers go back', () => {
    const draft = new PartDraft(CARRIED_BOOT);
    for (const seq of numbers(1, carryLimits.partHeartbeats))
      expect(draft.add(carriedHeartbeat(seq), undefined)).toBe('taken');
    expect(draft.add(carriedHeartbeat(2_001), undefined)).toBe('full');
    const other = new PartDraft(CARRIED_BOOT);
    expect(other.add(carriedHeartbeat(5), undefined)).toBe('taken');
    expect(other.add(carriedHeartbeat(5), undefined)).toBe('full');
    expect(other.add(carriedHeartbeat(6, { bootId: '00000000000000b2' }), undefined)).toBe('full');
  });

  it('ends before its text is longer than a reader takes, and leaves out what no frame may be', () => {
    const long = (seq: number, characters: number): Heartbeat =>
      carriedHeartbeat(seq, { metrics: { [`a.${'x'.repeat(characters)}`]: 1 } });
    const draft = new PartDraft(CARRIED_BOOT);
    let seq = 1;
    while (draft.add(long(seq, 60_000), undefined) === 'taken') seq += 1;
    expect(seq).toBeGreaterThan(60);
    expect(seq * 60_000).toBeLessThan(carryLimits.partTextBytes);
    expect(new PartDraft(CARRIED_BOOT).add(long(1, limits.agentFrameBytes), undefined)).toBe(
      'oversized',
    );
  });

  const good = partOf(
    signer,
    numbers(1, 30).map((seq) => carriedHeartbeat(seq)),
  );
  const open = (file: Buffer, expected: Parameters<typeof reader.open>[1] = {}): string =>
    outcomeOf(reader.open(file, { name: good.name, find, ...expected }));

  it('is refused when any byte of it is not what was signed', () => {
    expect(open(good.file)).toBe('opened');
    for (let at = 0; at < good.file.length; at += 1) {
      const altered = Buffer.from(good.file);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect([at, open(altered)]).not.toEqual([at, 'opened']);
    }
  });

  it('is refused when it is cut off anywhere, or longer than it was', () => {
    for (let length = 0; length < good.file.length; length += 7)
      expect(open(good.file.subarray(0, length))).toBe('damaged');
    expect(open(Buffer.concat([good.file, Buffer.from('x')]))).toBe('damaged');
    expect(open(Buffer.alloc(carryLimits.partFileBytes + 1))).toBe('tooBig');
  });

  it('is refused under another name, from a stranger, and with another key', () => {
    expect(open(good.file, { name: { ...good.name, to: 31 } })).toBe('damaged');
    expect(open(good.file, { find: () => undefined })).toBe('unknownWorkstation');
    expect(
      open(good.file, { find: () => ({ ...known, publicKey: newIdentity().publicKey }) }),
    ).toBe('foreignKey');
    const stranger = reader.open(good.file, { find: () => undefined });
    expect(stranger).toMatchObject({ kind: 'refused', siteCode: '0042' });
  });

  it('is refused when another key signed it, or the id is of another key', () => {
    const thief = newIdentity();
    const beats = [carriedHeartbeat(1)];
    const forged = partOf({ ...signer, sign: signerOf(thief).sign }, beats);
    expect(outcomeOf(reader.open(forged.file, { find }))).toBe('badSignature');
    const borrowed = partOf({ ...signerOf(thief), agentId: identity.agentId }, beats);
    expect(outcomeOf(reader.open(borrowed.file, {}))).toBe('badSignature');
    expect(outcomeOf(reader.open(borrowed.file, { find }))).toBe('foreignKey');
  });

  it('of a newer format is told apart from a damaged one', () => {
    const text = JSON.stringify({ format: 'ppe-pulse.part.v2' });
    const file = Buffer.from(`${text}\n${signer.sign(partSigningText(text))}\n`);
    expect(outcomeOf(reader.open(file, {}))).toBe('unsupportedFormat');
  });

  it('passes over lines that are no heartbeats of it, and goes on', () => {
    const line = (each: Heartbeat, more: object = {}): string =>
      JSON.stringify({ ...each, delivery: 'carried', ...more });
    const lines = [
      line(carriedHeartbeat(1)),
      line(carriedHeartbeat(2), { delivery: 'live' }),
      line(carriedHeartbeat(3), { agentId: newIdentity().agentId }),
      line(carriedHeartbeat(4, { bootId: '00000000000000b2' })),
      '{"type":"hello"}',
      'nonsense',
      line(carriedHeartbeat(1)),
      line(carriedHeartbeat(900)),
      line(carriedHeartbeat(9)),
      line(carriedHeartbeat(10)),
    ];
    const head = { ...headOf(reader.open(good.file, {})), from: 1, to: 10, count: 10 };
    const read = [...reader.heartbeats(head, `${lines.join('\n')}\n`)];
    expect(read.map((each) => each?.seq)).toEqual([
      1,
      ...numbers(2, 8).map(() => undefined),
      9,
      10,
    ]);
    expect([...reader.heartbeats({ ...head, count: 2 }, '')]).toEqual([undefined, undefined]);
  });

  it('never makes its reader throw, whatever the bytes', () => {
    const bombed = partOf({ ...signer, pack: () => gzipSync(Buffer.alloc(1_000)) }, [
      carriedHeartbeat(1),
    ]);
    fuzzed('carried part', [good.file, bombed.file], (bytes) => {
      reader.open(bytes, { find });
      reader.open(bytes, { name: good.name });
    });
  });
});

describe('names on the stick', () => {
  const name = { agentId: identity.agentId, bootId: CARRIED_BOOT, from: 1, to: 2_000 };

  it('are read as they are written', () => {
    expect(parsePartName(partName(name))).toEqual(name);
    expect(draftOwner(draftName(name))).toBe(identity.agentId);
    expect(parseReceiptName(receiptName(name.agentId, 'c-0123456789abcdef'))).toEqual({
      agentId: name.agentId,
      issuerId: 'c-0123456789abcdef',
    });
  });

  it('of other files are nobody’s', () => {
    const whole = partName(name);
    const others = [
      '',
      '..',
      `../${whole}`,
      `a/${whole}`,
      `a\\${whole}`,
      `${whole}\0`,
      `${whole} `,
      `${whole}\n`,
      whole.toUpperCase(),
      whole.replace('1-', '0-'),
      whole.replace('.part', '.exe'),
      'report.part',
      draftName(name),
    ];
    for (const each of others) expect([each, parsePartName(each)]).toEqual([each, undefined]);
    expect(draftOwner(whole)).toBeUndefined();
    expect(
      parseReceiptName(`../${receiptName(name.agentId, 'c-0123456789abcdef')}`),
    ).toBeUndefined();
  });
});

describe('time of a carried heartbeat', () => {
  const head = (exportedAtMs: number): PartHead =>
    headOf(reader.open(partOf(signer, [carriedHeartbeat(1)], exportedAtMs).file, {}));
  const importedAtMs = CARRIED_FROM_MS + 3_600_000;
  const minute = 60_000;

  it('is what the agent knew of the collector’s clock', () => {
    const beat = carriedHeartbeat(1, { producedAtMs: 123_456 });
    expect(producedAt(head(importedAtMs - minute), beat, importedAtMs)).toBe(123_456);
    const ahead = { ...beat, producedAtMs: importedAtMs + minute };
    expect(producedAt(head(importedAtMs), ahead, importedAtMs)).toBe(importedAtMs);
  });

  it('is the PC’s own when that can be true', () => {
    expect(producedAt(head(importedAtMs - minute), carriedHeartbeat(2), importedAtMs)).toBe(
      CARRIED_FROM_MS + 10_000,
    );
    expect(wallShiftMs(head(importedAtMs - minute), importedAtMs)).toBe(0);
  });

  it('is moved as a whole when the PC’s clock is ahead, or years behind', () => {
    const tenHours = 10 * 3_600_000;
    const late = (seq: number): Heartbeat =>
      carriedHeartbeat(seq, { wallMs: importedAtMs + tenHours + seq * 5_000 - 60_000 });
    const exported = head(importedAtMs + tenHours);
    expect(producedAt(exported, late(1), importedAtMs)).toBe(importedAtMs - 55_000);
    expect(producedAt(exported, late(3), importedAtMs)).toBe(importedAtMs - 45_000);
    const dead = carriedHeartbeat(1, { wallMs: 1_000_000 });
    expect(producedAt(head(1_060_000), dead, importedAtMs)).toBe(importedAtMs - 60_000);
  });

  it('is never after the import and never before 1970', () => {
    const seed = fuzzSeed('carried time');
    const epoch = fc.double({ min: 0, max: 4_102_444_800_000, noNaN: true });
    fc.assert(
      fc.property(epoch, epoch, epoch, (exportedAtMs, wallMs, atMs) => {
        const at = producedAt({ ...head(0), exportedAtMs }, carriedHeartbeat(1, { wallMs }), atMs);
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThanOrEqual(atMs);
      }),
      { seed, numRuns: 200 },
    );
  });
});

describe('ranges by boot', () => {
  it('agree with a set of numbers, whatever is added in whatever order', () => {
    const seed = fuzzSeed('boot ranges');
    const range = fc.tuple(fc.nat({ max: 1 }), fc.integer({ min: 1, max: 60 }), fc.nat({ max: 9 }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), (added) => {
        const ranges = new BootRanges();
        const model = new Set<string>();
        for (const [boot, from, length] of added) {
          ranges.add(`b${boot}`, from, from + length);
          for (const seq of numbers(from, from + length)) model.add(`b${boot}/${seq}`);
        }
        expect(ranges.count).toBe(model.size);
        for (const boot of [0, 1])
          for (const seq of numbers(1, 70))
            expect(ranges.has(`b${boot}`, seq)).toBe(model.has(`b${boot}/${seq}`));
        for (const list of ranges.boots().values())
          for (const [at, [from]] of list.entries())
            if (at > 0) expect(from).toBeGreaterThan((list[at - 1]?.[1] ?? 0) + 1);
      }),
      { seed },
    );
  });

  it('cover a range only when all of it is there', () => {
    const ranges = new BootRanges();
    ranges.add('b', 1, 10);
    ranges.add('b', 12, 20);
    expect([
      ranges.covers('b', 2, 10),
      ranges.covers('b', 2, 11),
      ranges.covers('b', 9, 13),
    ]).toEqual([true, false, false]);
    const more = new BootRanges();
    more.add('b', 11, 11);
    ranges.addAll(more);
    expect(ranges.covers('b', 1, 20)).toBe(true);
  });
});

describe('a receipt', () => {
  const collector = newIdentity();
  const parties = { agentId: identity.agentId, publicKey: collector.publicKey };
  const issuer = { publicKey: collector.publicKey, sign: signerOf(collector).sign };
  const durable = (): BootRanges => {
    const ranges = new BootRanges();
    ranges.add(CARRIED_BOOT, 1, 2_000);
    ranges.add(CARRIED_BOOT, 2_002, 2_002);
    ranges.add('00000000000000b2', 7, 9);
    return ranges;
  };
  const read = (file: Uint8Array, by = parties) => readReceipt(file, by, carryKeys.isSignedBy);

  it('gives back the ranges to who knows the issuer’s key', () => {
    const file = writeReceipt(identity.agentId, durable(), 5, issuer);
    expect(read(file)?.boots()).toEqual(durable().boots());
  });

  it('frees nothing when another key signed it, of another workstation, or altered', () => {
    const file = Buffer.from(writeReceipt(identity.agentId, durable(), 5, issuer));
    expect(read(file, { ...parties, publicKey: newIdentity().publicKey })).toBeUndefined();
    expect(read(file, { ...parties, agentId: newIdentity().agentId })).toBeUndefined();
    for (let at = 0; at < file.length; at += 1) {
      const altered = Buffer.from(file);
      altered[at] = (altered[at] ?? 0) ^ 2;
      expect([at, read(altered)]).toEqual([at, undefined]);
    }
    // A part's signature is none of a receipt: the workstation cannot write its own.
    expect(read(partOf(signerOf(collector), [carriedHeartbeat(1)]).file)).toBeUndefined();
    fuzzed('receipt', [file], (bytes) => void read(bytes));
  });

  it('keeps to its size, newest boots first', () => {
    const many = new BootRanges();
    for (const boot of numbers(1, 1_100))
      for (const at of numbers(1, 40))
        many.add(boot.toString(16).padStart(16, '0'), at * 2e9, at * 2e9);
    const file = writeReceipt(identity.agentId, many, 5, issuer);
    expect(file.length).toBeLessThanOrEqual(carryLimits.receiptBytes);
    const kept = read(file);
    expect(kept?.boots().has((1_100).toString(16).padStart(16, '0'))).toBe(true);
    expect(kept?.boots().has((1).toString(16).padStart(16, '0'))).toBe(false);
  });
});
