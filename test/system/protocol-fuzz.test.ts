import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeCodes } from '@ppe-pulse/protocol';
import { createCollectorDecoder } from '@ppe-pulse/protocol/codec';
import { AgentPeer, enrol, newIdentity, type PeerIdentity } from '../support/agent-peer.ts';
import { api } from '../support/collector.ts';
import { fuzzFrames, type FuzzFrame } from '../support/frame-fuzz.ts';
import { fuzzSeed } from '../support/fuzz.ts';
import { counted } from '../support/shared-collector.ts';
import { underAttack } from '../support/under-attack.ts';

const { collector, healthy } = underAttack();

/** How long one run looks for cases. */
const FUZZ_MS = 1_000 * Number(process.env.PPE_PULSE_FUZZ_SECONDS ?? 20);
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'hostile');
const documentedCodes = new Set<number>(Object.values(closeCodes).map(({ code }) => code));
const decode = createCollectorDecoder();

/** How far a peer goes by the book before it begins. */
const phases = ['stranger', 'greeted', 'live', 'relay'] as const;
type Phase = (typeof phases)[number];

interface Case {
  readonly phase: Phase;
  readonly frames: readonly FuzzFrame[];
}

const bootId = '00000000000000f1';
let identity: PeerIdentity;
let others: string[];
/** Errors that nobody caught: a collector of its own would have ended with the first. */
const faults = new EventEmitter<{ fault: [unknown] }>();
const fault = (error: unknown): void => void faults.emit('fault', error);
/** An answer may take so long on a busy machine; a socket that is neither open nor closed hangs. */
const ANSWER_MS = 5_000;

beforeAll(async () => {
  identity = newIdentity();
  await enrol(collector(), identity, '7777');
  const foreigner = newIdentity();
  const placement = { siteCode: '0099', roomCode: '0001', role: 'organizer', duty: 'main' };
  await api(collector(), '/api/v1/workstations', {
    method: 'POST',
    body: { publicKey: foreigner.publicKey, placement },
  });
  const member = newIdentity();
  await enrol(collector(), member, '0002');
  others = [foreigner.agentId, member.agentId, newIdentity().agentId];
  process.on('uncaughtException', fault).on('unhandledRejection', fault);
});
afterAll(() => {
  process.off('uncaughtException', fault).off('unhandledRejection', fault);
});

/** The peer goes by the book up to its phase, then sends everything at once. Tells its end. */
async function runCase({ phase, frames }: Case): Promise<number | 'open'> {
  const peer = await AgentPeer.connect(collector().url, identity, bootId, () => undefined);
  try {
    if (phase === 'greeted') {
      peer.send(peer.hello());
      await peer.next('challenge');
    }
    if (phase === 'live') await peer.shakeHands({ capabilities: [] });
    if (phase === 'relay') await peer.shakeHands({ capabilities: ['relay', 'download'] });
    for (const { kind, bytes } of frames) {
      if (kind === 'text') peer.sendAsText(bytes);
      else peer.send(bytes);
    }
    const end = await endOf(peer);
    if (end !== 'open') expect(documentedCodes).toContain(end);
    // Whatever was answered is by the protocol as well.
    for (const message of peer.received) decode(JSON.stringify(message));
    return end;
  } finally {
    peer.leave();
  }
}

/** Open or a close code; rejects with what the collector did not catch, or when there is no answer. */
async function endOf(peer: AgentPeer): Promise<number | 'open'> {
  return new Promise((resolve, reject) => {
    const silent = setTimeout(() => reject(new Error('neither open nor closed')), ANSWER_MS);
    faults.once('fault', reject);
    const answer = async (): Promise<number | 'open'> =>
      (await peer.isOpen()) ? 'open' : peer.closed();
    void answer()
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(silent);
        faults.off('fault', reject);
      });
  });
}

/** Heartbeats of anybody that the collector has taken for the first time. */
async function stored(): Promise<number> {
  return counted(collector(), 'ppe_pulse_heartbeats_taken_total');
}

/** A case as the text of a fixture. */
function written({ phase, frames }: Case): string {
  const texts = frames.map(({ kind, bytes }) => ({ kind, base64: bytes.toString('base64') }));
  return JSON.stringify({ phase, frames: texts });
}

function readCase(name: string): Case {
  const { phase, frames } = JSON.parse(readFileSync(join(fixtures, name), 'utf8')) as {
    phase: Phase;
    frames: { kind: FuzzFrame['kind']; base64?: string; text?: string; repeat?: number }[];
  };
  return {
    phase,
    frames: frames.flatMap(({ kind, base64, text = '', repeat = 1 }) => {
      const filled = text.replaceAll('OWN_ID', identity.agentId).replaceAll('OWN_BOOT', bootId);
      const bytes = base64 === undefined ? Buffer.from(filled) : Buffer.from(base64, 'base64');
      return Array.from({ length: repeat }, () => ({ kind, bytes }));
    }),
  };
}

describe('whatever a peer sends', () => {
  it(
    'the collector closes it by a documented code or goes on with it',
    {
      timeout: 4 * FUZZ_MS + 60_000,
    },
    async () => {
      const seed = fuzzSeed('protocol fuzz');
      const anyCase = fc.record({
        // After the welcome there is most to get wrong.
        phase: fc.constantFrom(...phases, 'live' as const, 'live' as const, 'relay' as const),
        frames: fc.array(fuzzFrames({ ...identity, bootId, others }), {
          minLength: 1,
          maxLength: 8,
        }),
      });
      const ends = new Map<number | 'open', number>();
      let cases = 0;
      const storedBefore = await stored();
      const details = await healthy().goesOn(async () =>
        fc.check(
          fc.asyncProperty(anyCase, async (each) => {
            cases += 1;
            const end = await runCase(each);
            ends.set(end, (ends.get(end) ?? 0) + 1);
          }),
          { seed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: FUZZ_MS },
        ),
      );
      const found = details.counterexample?.[0];
      if (found)
        throw new Error(`seed ${seed}: ${written(found)}`, { cause: details.errorInstance });
      const taken = (await stored()) - storedBefore;
      console.log(`${cases} cases, ${taken} heartbeats taken, ends: ${JSON.stringify([...ends])}`);
      // It got past the first check: some were taken, some went on, some were closed.
      expect(taken).toBeGreaterThan(0);
      expect(ends.get('open')).toBeGreaterThan(0);
      expect(ends.get(closeCodes.badFrame.code)).toBeGreaterThan(0);
    },
  );

  it('and nothing of it stays', async () => {
    expect(await counted(collector(), 'ppe_pulse_agents_connected')).toBeLessThanOrEqual(2);
    await expect.poll(() => counted(collector(), 'ppe_pulse_sockets_unproven')).toBe(0);
    console.log(`healthy agent: ${JSON.stringify(await healthy().assertServedAlways())}`);
  });
});

describe('cases that were found', () => {
  it.each(readdirSync(fixtures).filter((name) => name.endsWith('.json')))('%s', async (name) => {
    await healthy().goesOn(async () => runCase(readCase(name)));
  });
});
