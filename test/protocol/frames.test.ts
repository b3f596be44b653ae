import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAgent, fromBoard, limits, ProtocolError, toAgent, toBoard } from '@ppe-pulse/protocol';
import {
  createAgentDecoder,
  createBoardDecoder,
  createCollectorDecoder,
  createLiveDecoder,
} from '@ppe-pulse/protocol/codec';

const directory = join(import.meta.dirname, '..', 'fixtures', 'frames');
const decoders = {
  agent: { decode: createAgentDecoder() as (text: string) => unknown, schemas: fromAgent },
  collector: { decode: createCollectorDecoder() as (text: string) => unknown, schemas: toAgent },
  board: { decode: createBoardDecoder() as (text: string) => unknown, schemas: fromBoard },
  live: { decode: createLiveDecoder() as (text: string) => unknown, schemas: toBoard },
};
type Sender = keyof typeof decoders;

const golden = readdirSync(directory)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({
    name,
    sender: name.split('-')[0] as Sender,
    text: readFileSync(join(directory, name), 'utf8'),
  }));

describe('golden frames', () => {
  it.each(golden)('$name is read as it was written', ({ sender, text }) => {
    expect(decoders[sender].decode(text)).toEqual(JSON.parse(text));
  });

  it('there is one for every message of every sender', () => {
    for (const [sender, { schemas }] of Object.entries(decoders)) {
      const types = golden
        .filter((frame) => frame.sender === sender)
        .map((frame) => (JSON.parse(frame.text) as { type: string }).type);
      expect([sender, types.sort()]).toEqual([sender, Object.keys(schemas).sort()]);
    }
  });

  it.each(golden)('$name with fields of a newer peer is still read', ({ sender, text }) => {
    const newer = { ...(JSON.parse(text) as object), fieldOfTomorrow: { deep: [1] } };
    expect(() => decoders[sender].decode(JSON.stringify(newer))).not.toThrow();
  });
});

describe('decoders', () => {
  const refused = (text: string, sender: Sender = 'agent'): string => {
    try {
      decoders[sender].decode(text);
    } catch (error) {
      if (error instanceof ProtocolError) return error.closeName;
      throw error;
    }
    return 'accepted';
  };

  it.each([
    ['not JSON', '{', 'badFrame'],
    ['an array', '[]', 'badFrame'],
    ['null', 'null', 'badFrame'],
    ['no type', '{}', 'badFrame'],
    ['an unknown type', '{"type":"selfDestruct"}', 'badFrame'],
    ['a type of the prototype', '{"type":"constructor"}', 'badFrame'],
    ['a wrong id', '{"type":"clockRequest","id":-1}', 'badFrame'],
    ['too many characters', `{"type":"${'x'.repeat(limits.agentFrameBytes)}"}`, 'frameTooBig'],
  ])('refuse %s with a named close', (_, text, expected) => {
    expect(refused(text)).toBe(expected);
  });

  it('never throw anything but a ProtocolError, whatever is done to a good frame', () => {
    const mutations = fc.array(
      fc.tuple(fc.nat(5_000), fc.nat(255), fc.constantFrom('replace', 'insert', 'delete', 'cut')),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...golden), mutations, ({ sender, text }, changes) => {
        let bytes = [...Buffer.from(text)];
        for (const [at, value, kind] of changes) {
          const place = at % (bytes.length + 1);
          if (kind === 'cut') bytes = bytes.slice(0, place);
          else
            bytes.splice(place, kind === 'insert' ? 0 : 1, ...(kind === 'delete' ? [] : [value]));
        }
        expect(typeof refused(Buffer.from(bytes).toString('utf8'), sender)).toBe('string');
      }),
      { seed: 668, numRuns: 2_000 },
    );
  });

  it('never throw anything but a ProtocolError on any JSON', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom<Sender>('agent', 'collector', 'board', 'live'),
        (text, sender) => {
          expect(typeof refused(text, sender)).toBe('string');
        },
      ),
      { seed: 669, numRuns: 1_000 },
    );
  });

  it('refuse a heartbeat whose evidence could carry a name or a path', () => {
    const frame = JSON.parse(
      golden.find((each) => each.name === 'agent-heartbeat.json')?.text ?? '',
    ) as {
      verdicts: { evidence: Record<string, unknown> }[];
    };
    for (const leak of ['Иванов', 'C:\\Users\\ivanov', '/media/stick/ege.pdf', 'x'.repeat(81)]) {
      frame.verdicts[0] = { ...frame.verdicts[0], evidence: { source: leak } };
      expect(refused(JSON.stringify(frame))).toBe('badFrame');
    }
  });
});
