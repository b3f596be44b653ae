import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  carryLimits,
  carryRefusals,
  parsePartName,
  parseReceiptName,
  PartReader,
  readReceipt,
} from '@ppe-pulse/protocol/carry';
import { carryKeys } from '../../agent/src/carry/carry-keys.ts';
import { collectorIdOf } from '../../agent/src/platform/identity.ts';
import { CARRIED_BOOT, CARRIED_FROM_MS, carriedHeartbeat } from '../support/carried.ts';

const directory = join(import.meta.dirname, '..', 'fixtures', 'carry');
const files = readdirSync(directory);

describe('golden files of a flash drive', () => {
  it('a part of the first version is read as it was written', () => {
    const parts = files.flatMap((file) => {
      const name = parsePartName(file);
      return name ? [{ file, name }] : [];
    });
    expect(parts).toHaveLength(1);
    const [part] = parts;
    const reader = new PartReader(carryKeys);
    const opened = reader.open(readFileSync(join(directory, part?.file ?? '')), {
      name: part?.name,
    });
    if (opened.kind === 'refused') throw new Error(opened.refusal);
    const text = gunzipSync(opened.packed).toString('utf8');
    expect([...reader.heartbeats(opened.head, text)]).toEqual(
      [1, 2, 5].map((seq) =>
        carriedHeartbeat(seq, {
          delivery: 'carried',
          producedAtMs: CARRIED_FROM_MS + seq * 5_000 - 600_000,
        }),
      ),
    );
  });

  it('a receipt of the first version is read as it was written', () => {
    const [name = ''] = files.filter((file) => parseReceiptName(file));
    const file = readFileSync(join(directory, name));
    const said = JSON.parse(file.toString('utf8').split('\n')[0] ?? '') as Record<string, string>;
    const parties = { agentId: said.agentId ?? '', publicKey: said.publicKey ?? '' };
    expect(parseReceiptName(name)).toEqual({
      agentId: parties.agentId,
      issuerId: collectorIdOf(parties.publicKey),
    });
    const durable = readReceipt(file, parties, (...signed) => carryKeys.isSignedBy(...signed));
    expect([...(durable?.boots() ?? [])]).toEqual([
      [
        CARRIED_BOOT,
        [
          [1, 2],
          [5, 5],
        ],
      ],
    ]);
  });
});

describe('PROTOCOL.md', () => {
  it('names every limit and refusal of a flash drive', () => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'PROTOCOL.md'), 'utf8');
    for (const name of [...Object.keys(carryLimits), ...carryRefusals])
      expect([name, text.includes(`\`${name}\``)]).toEqual([name, true]);
  });
});
