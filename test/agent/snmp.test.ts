import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  decodeSnmp,
  encodeSnmp,
  SnmpError,
  type SnmpBinding,
} from '../../agent/src/probes/printer/snmp-message.ts';
import { SnmpSession } from '../../agent/src/probes/printer/snmp-session.ts';
import { fuzzed } from '../support/fuzz.ts';

const DEVICE_STATUS = '1.3.6.1.2.1.25.3.2.1.5.1';
const oids = [
  DEVICE_STATUS,
  '1.3.6.1.2.1.25.3.5.1.2.1',
  '1.3.6.1.2.1.43.8.2.1.10.1.1',
  '1.3.6.1.2.1.43.10.2.1.4.1.1',
  '1.3.6.1.2.1.43.99.1',
];
/** What Net-SNMP's `snmpget -v2c -d` sent for these, and what snmpsim answered. */
const asked = Buffer.from(
  '307002010104077072696e746572a062020469f55fcf0201000201003054' +
    '300f060b2b06010201190302010501' +
    '0500300f060b2b060102011903050102010500' +
    '3010060c2b060102012b080201' +
    '0a010105003010060c2b060102012b0a02010401010500' +
    '300c06082b060102012b63010500',
  'hex',
);
const answered = Buffer.from(
  '307902010104077072696e746572a26b020469f55fcf020100020100305d' +
    '3010060b2b06010201190302010501020102' +
    '3011060b2b060102011903050102010402' +
    '40043011060c2b060102012b0802010a01010201fd' +
    '3015060c2b060102012b0a0201040101410500ee6b2800' +
    '300c06082b060102012b63018100',
  'hex',
);
const request = { kind: 'get', id: 0x69f55fcf, community: 'printer', oids } as const;

describe('SNMP messages', () => {
  it('are the bytes that others send', () => {
    expect(encodeSnmp(request)).toEqual(asked);
  });

  it('of a response are read: signed, counted, bytes, and what is not there', () => {
    expect(decodeSnmp(answered)).toEqual({
      id: request.id,
      community: 'printer',
      errorStatus: 0,
      bindings: [
        { oid: oids[0], value: 2 },
        { oid: oids[1], value: Buffer.from('4004', 'hex') },
        { oid: oids[2], value: -3 },
        { oid: oids[3], value: 4_000_000_000 },
        { oid: oids[4], value: undefined },
      ],
    });
  });

  it('know long lengths, large parts of names, and counters without their zero in front', () => {
    const many = Array.from({ length: 40 }, (_, at) => `2.999.${at}.4294967295`);
    const bytes = encodeSnmp({ ...request, oids: many });
    // As a device gives them back, as a response.
    bytes[bytes.indexOf(0xa0)] = 0xa2;
    expect(decodeSnmp(bytes).bindings.map(({ oid }) => oid)).toEqual(many);
    const counter = Buffer.from(
      answered.toString('hex').replace('410500ee6b2800', '4105ffee6b2800'),
      'hex',
    );
    expect(decodeSnmp(counter).bindings[3]?.value).toBe(0xffee6b2800);
  });

  it('that are cut anywhere, or ask, are none', () => {
    for (let end = 0; end < answered.length; end += 1)
      expect(() => decodeSnmp(answered.subarray(0, end))).toThrow(SnmpError);
    expect(() => decodeSnmp(asked)).toThrow(SnmpError);
  });

  it('end on any bytes with a reply or an SnmpError', () => {
    fuzzed('SNMP', [asked, answered], (bytes) => {
      try {
        const { bindings } = decodeSnmp(bytes);
        for (const { oid } of bindings) expect(oid).toMatch(/^[0-2](?:\.\d+){1,127}$/);
      } catch (error) {
        expect(error).toBeInstanceOf(SnmpError);
      }
    });
  });
});

/** A session with an agent that answers each datagram as it likes. */
async function sessionWith(answers: (asks: Buffer) => readonly Buffer[]) {
  const socket = createSocket('udp4');
  let datagrams = 0;
  socket.on('message', (asks, from) => {
    datagrams += 1;
    for (const reply of answers(asks)) socket.send(reply, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const session = new SnmpSession({ host: 'localhost', port, community: 'printer' });
  onTestFinished(() => {
    session.close();
    socket.close();
  });
  const ask = async (): Promise<readonly SnmpBinding[] | string> => {
    try {
      return await session.ask('get', [DEVICE_STATUS]);
    } catch (error) {
      if (error instanceof SnmpError) return error.reason;
      throw error;
    }
  };
  return { session, ask, datagrams: () => datagrams };
}

/** The good answer to a question of one object, with its id. */
function good(asks: Buffer, community = 'printer'): Buffer {
  const id = asks.indexOf(0xa0) + 2;
  const length = 2 + (asks[id + 1] ?? 0);
  const error = Buffer.from('020100020100', 'hex');
  const list = Buffer.from('30123010060b2b06010201190302010501020102', 'hex');
  const pdu = sized(0xa2, [asks.subarray(id, id + length), error, list]);
  const head = [Buffer.from('020101', 'hex'), sized(0x04, [Buffer.from(community)])];
  return sized(0x30, [...head, pdu]);
}

function sized(type: number, parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([type, content.length]), content]);
}

describe('an SNMP session', () => {
  it('takes the answer to its question, however much else comes before it', async () => {
    const other = Buffer.from('no SNMP');
    const { ask } = await sessionWith((asks) => [
      other,
      answered,
      good(asks, 'public'),
      good(asks),
      good(asks),
    ]);
    const expected = [{ oid: DEVICE_STATUS, value: 2 }];
    expect(await Promise.all([ask(), ask()])).toEqual([expected, expected]);
  });

  it('asks once more when nothing comes, and then nobody is there', async () => {
    let isFirst = true;
    const late = await sessionWith((asks) => {
      const replies = isFirst ? [] : [good(asks)];
      isFirst = false;
      return replies;
    });
    expect(await late.ask()).toEqual([{ oid: DEVICE_STATUS, value: 2 }]);
    expect(late.datagrams()).toBe(2);
    const silent = await sessionWith(() => []);
    expect(await silent.ask()).toBe('noAnswer');
    expect(silent.datagrams()).toBe(2);
  });

  it('tells who answers otherwise from who does not answer', async () => {
    const nonsense = await sessionWith(() => [Buffer.from('no SNMP')]);
    expect(await nonsense.ask()).toBe('badAnswer');
    const refuses = await sessionWith((asks) => {
      const reply = good(asks);
      // The error status, behind the id.
      reply[reply.indexOf(Buffer.from('020100020100', 'hex')) + 2] = 5;
      return [reply];
    });
    expect(await refuses.ask()).toBe('badAnswer');
    expect(refuses.datagrams()).toBe(1);
    const another = await sessionWith((asks) => {
      const reply = good(asks);
      // The last part of the name.
      reply[reply.length - 4] = 9;
      return [reply];
    });
    expect(await another.ask()).toBe('badAnswer');
  });

  it('that is closed fails what is asked, then and later', async () => {
    const { session, ask } = await sessionWith(() => []);
    const before = ask();
    session.close();
    expect(await before).toBe('badAnswer');
    expect(await ask()).toBe('badAnswer');
    expect(session.isClosed).toBe(true);
  });

  it('of a host that nobody knows is a failure of that question', async () => {
    const session = new SnmpSession({ host: 'printer.invalid', port: 161, community: 'x' });
    onTestFinished(() => session.close());
    await expect(session.ask('get', [DEVICE_STATUS])).rejects.toBeInstanceOf(SnmpError);
  });
});
