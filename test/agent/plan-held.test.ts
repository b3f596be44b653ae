import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits, type AgentPlan } from '@ppe-pulse/protocol';
import { createAgentPlanReader } from '@ppe-pulse/protocol/codec';
import { HeldPlan } from '../../agent/src/plan/held-plan.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { newIdentity } from '../support/agent-peer.ts';
import { agentPlan, quiet, signedPlan, signedText } from '../support/agent-plans.ts';
import { tempDir } from '../support/temp-dir.ts';

const collector = newIdentity();
const own = newIdentity();
const log = createLog('silent');

function held(dataDir = tempDir()) {
  const parts = { dataDir, agentId: own.agentId, publicKey: collector.publicKey, log };
  return { dataDir, file: join(dataDir, 'plan.json'), plan: new HeldPlan(parts) };
}
const of = (part: Partial<AgentPlan> = {}): AgentPlan =>
  agentPlan(own.agentId, { modes: [quiet(0, 1_000)], ...part });
const signed = (part: Partial<AgentPlan> = {}) => signedPlan(collector, of(part));
/** What somebody sends who has the collector's key and a grudge. */
const signedAnything = (value: unknown) => signedText(collector, JSON.stringify(value));

describe('a plan', () => {
  it('is taken, kept and held again after a restart without a line', () => {
    const { plan, dataDir } = held();
    expect(plan.plan).toBeUndefined();
    expect(plan.take(signed())).toBe(true);
    expect(plan.plan?.version).toBe(1);
    expect(held(dataDir).plan.plan).toEqual(of());
  });

  it('gives way to a newer version and to another plan, and to nothing else', () => {
    const { plan } = held();
    plan.take(signed({ version: 5 }));
    expect(plan.take(signed({ version: 5 }))).toBe(false);
    expect(plan.take(signed({ version: 5, timeZone: 'Asia/Omsk' }))).toBe(false);
    expect(plan.take(signed({ version: 4 }))).toBe(false);
    expect(plan.take(signed({ version: 6 }))).toBe(true);
    expect(plan.take(signed({ planId: '2024-03-05', version: 2 }))).toBe(true);
    expect(plan.plan).toMatchObject({ planId: '2024-03-05', version: 2 });
  });

  it.each([
    ['signed by somebody else', signedPlan(newIdentity(), of({ version: 9 }))],
    [
      'with a changed word',
      { ...signed({ version: 9 }), text: JSON.stringify(of({ version: 8 })) },
    ],
    ['with a broken signature', { ...signed({ version: 9 }), signature: 'A'.repeat(86) }],
    ['for another workstation', signedPlan(collector, agentPlan(newIdentity().agentId))],
    ['that is no JSON', signedText(collector, 'quiet for ever')],
    ['that is null', signedAnything(null)],
    ['without a version', signedAnything({ ...of(), version: undefined })],
    ['of version 0', signedAnything({ ...of(), version: 0 })],
    ['with a moment that is no number', signedText(collector, textWith('"fromMs":NaN'))],
    ['with a moment past all time', signedText(collector, textWith('"fromMs":1e999'))],
    ['with a null moment', signedText(collector, textWith('"fromMs":null'))],
    ['with a span that ends first', signedAnything(of({ modes: [quiet(2, 1)] }))],
    ['with spans out of order', signedAnything(of({ modes: [quiet(5, 9), quiet(1, 2)] }))],
    [
      'with an unknown mode',
      signedAnything({ ...of(), modes: [{ ...quiet(0, 1), mode: 'loud' }] }),
    ],
    ['with a mode «prep»', signedAnything({ ...of(), modes: [{ ...quiet(0, 1), mode: 'prep' }] })],
    [
      'with 201 spans',
      signedAnything(of({ modes: Array.from({ length: 201 }, () => quiet(0, 1)) })),
    ],
    ['valid for no time', signedAnything({ ...of(), validToMs: of().validFromMs })],
    ['with a threshold in words', signedAnything({ ...of(), thresholds: { rttOkMs: 'low' } })],
    [
      'with a path for a host',
      signedAnything({ ...of(), hosts: { videoPortal: ['a/b'], emPortal: [] } }),
    ],
    [
      'of 32,001 characters',
      signedText(collector, JSON.stringify(of()).padEnd(limits.agentPlanCharacters + 1)),
    ],
    ['nested 15,000 deep', signedText(collector, `${'['.repeat(15_000)}${']'.repeat(15_000)}`)],
  ])('%s is refused, and the one that is held stays', (_, came) => {
    const { plan, file } = held();
    plan.take(signed());
    const before = readFileSync(file, 'utf8');
    expect(plan.take(came)).toBe(false);
    expect(plan.plan).toEqual(of());
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('on disk is believed no more than one from the line', () => {
    const tampered = (change: (text: string) => string) => {
      const { plan, file, dataDir } = held();
      plan.take(signed());
      writeFileSync(file, change(readFileSync(file, 'utf8')));
      return held(dataDir).plan.plan;
    };
    expect(tampered((text) => text)).toEqual(of());
    expect(tampered((text) => text.replace('quiet', 'off'))).toBeUndefined();
    expect(tampered((text) => text.slice(0, -20))).toBeUndefined();
    expect(tampered(() => 'null')).toBeUndefined();
    expect(tampered(() => '{"text":7,"signature":[]}')).toBeUndefined();
    expect(tampered((text) => text + ' '.repeat(300_000))).toBeUndefined();
    const other = signedPlan(newIdentity(), of());
    expect(tampered(() => JSON.stringify(other))).toBeUndefined();
  });

  it('is held without a disk until the next start', () => {
    const dataDir = join(tempDir(), 'file');
    writeFileSync(dataDir, '');
    const { plan } = held(dataDir);
    expect(plan.take(signed())).toBe(true);
    expect(plan.plan?.version).toBe(1);
    expect(existsSync(join(dataDir, 'plan.json'))).toBe(false);
  });
});

/** A good plan's text with one member changed in a way that JSON.stringify cannot write. */
function textWith(part: string): string {
  return JSON.stringify(of()).replace(/"fromMs":\d+/, part);
}

describe('reading a plan', () => {
  const read = createAgentPlanReader();

  it('passes over fields of a newer collector', () => {
    const newer = { ...of(), colour: 'red', hosts: { ...of().hosts, third: [] } };
    expect(read(JSON.stringify(newer)).kind).toBe('plan');
  });

  it('never throws, whatever is done to a good text', () => {
    const good = JSON.stringify(of());
    const change = fc.tuple(fc.nat(good.length), fc.string({ maxLength: 4 }), fc.nat(3));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        let text = good;
        for (const [at, put, taken] of changes)
          text = text.slice(0, at) + put + text.slice(at + taken);
        expect(['plan', 'refused']).toContain(read(text).kind);
      }),
      { seed: 668, numRuns: 1_500 },
    );
  });

  it('never throws, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(read(JSON.stringify(value)).kind).toBe('refused');
      }),
      { seed: 668, numRuns: 500 },
    );
  });
});
