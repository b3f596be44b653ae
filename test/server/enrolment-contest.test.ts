import { describe, expect, it } from 'vitest';
import { makeRequest } from '../../agent/src/enrolment/make-request.ts';
import { MAX_ASKERS } from '../../server/src/enrolment/enrolment-code.ts';
import { created, desk, fileOf, hq, one, other, third } from '../support/desk-world.ts';
import { fixedIdentity } from '../support/enrolment-documents.ts';

const approved = { needsApproval: true };
const idsOf = (...who: readonly { agentId: string }[]): string[] =>
  who.map(({ agentId }) => agentId);

describe('a place that several PCs ask for', () => {
  it('shows every one of them while the first still waits, and writes each down once', async () => {
    const made = desk();
    const file = created(made, approved);
    await made.ask(file, 0, one);
    for (const who of [other, third, other, third])
      expect(await made.ask(file, 0, who)).toBe('codeUsed');
    expect([...made.waiting(file, 0)].sort()).toEqual(idsOf(one, other, third).sort());
    expect(made.waiting(file, 0)[0]).toBe(one.agentId);
    expect(made.states()).toEqual(['unused', 'unused', 'pending']);
    expect(made.actions()).toEqual([
      'enrolment.file',
      'enrolment.hold',
      'enrolment.ask',
      'enrolment.ask',
    ]);
  });

  it('goes to the PC that a person names, and to none that does not wait there', async () => {
    const made = desk();
    const file = created(made, approved);
    await made.ask(file, 0, one);
    expect(made.decide('approve', file, 0, other)).toMatchObject({ because: 'otherAsks' });
    await made.ask(file, 0, other);
    expect(made.decide('approve', file, 0, third)).toMatchObject({ because: 'otherAsks' });
    expect(made.decide('reject', file, 0, third)).toMatchObject({ because: 'otherAsks' });
    expect(made.enrolments.list()).toEqual([]);
    expect(made.decide('approve', file, 0, other)).toEqual({ kind: 'done' });
    expect(made.enrolments.list().map(({ id }) => id)).toEqual([other.agentId]);
    // A person who has not seen that decides on what is over.
    expect(made.decide('approve', file, 0, one)).toMatchObject({ because: 'nobodyAsks' });
    expect(await made.ask(file, 0, one)).toBe('codeUsed');
    expect(made.decide('reject', file, 0, other)).toMatchObject({ because: 'otherAsks' });
  });

  it('passes to the next who waits when the first one is refused', async () => {
    const made = desk();
    const file = created(made, approved);
    await made.ask(file, 0, one);
    await made.ask(file, 0, other);
    expect(made.decide('reject', file, 0, one)).toEqual({ kind: 'done' });
    expect(made.waiting(file, 0)).toEqual([other.agentId]);
    expect(await made.ask(file, 0, one)).toBe('rejected');
    expect(await made.ask(file, 0, other)).toMatchObject({ state: 'pending' });
    expect(made.decide('approve', file, 0, other)).toEqual({ kind: 'done' });
    expect(await made.ask(file, 0, other)).toMatchObject({ state: 'active' });
  });

  it('keeps as many of them as a person can look at', async () => {
    const made = desk();
    const file = created(made);
    await made.ask(file, 0, one);
    for (let nth = 0; nth < 2 * MAX_ASKERS; nth += 1)
      expect(await made.ask(file, 0, fixedIdentity(100 + nth))).toBe(
        nth < MAX_ASKERS ? 'codeUsed' : 'tooManyAsk',
      );
    // Who is shown already asks the same again.
    expect(await made.ask(file, 0, fixedIdentity(100))).toBe('codeUsed');
    expect(made.waiting(file, 0)).toHaveLength(MAX_ASKERS);
    expect(made.actions().filter((each) => each === 'enrolment.ask')).toHaveLength(MAX_ASKERS);
  });
});

describe('a key that a person turned away', () => {
  it('does not come in by another code, and its file lets nobody in without a person', async () => {
    const made = desk();
    const file = created(made);
    await made.ask(file, 0, hq);
    await made.ask(file, 0, one);
    expect(made.decide('reject', file, 0, one)).toEqual({ kind: 'done' });
    expect(await made.ask(file, 1, one)).toMatchObject({ state: 'pending' });
    // Another key of the same hand is not let in by itself either.
    expect(await made.ask(file, 2, other)).toMatchObject({ state: 'pending' });
    expect(made.enrolments.list().map(({ id }) => id)).toEqual([hq.agentId]);
  });

  it('waits for a person with a newer file as well, whose codes are not guarded for others', async () => {
    const made = desk();
    const file = created(made);
    await made.ask(file, 0, one);
    const by = { account: 'duty', note: 'украден' };
    expect(made.enrolment.revoke(one.agentId, by)).toEqual({ kind: 'done' });
    expect(await made.ask(file, 1, other)).toMatchObject({ state: 'pending' });
    const next = created(made);
    expect(await made.ask(next, 0, one)).toMatchObject({ state: 'pending' });
    expect(made.enrolments.list()).toEqual([]);
    expect(await made.ask(next, 1, third)).toMatchObject({ state: 'active' });
    // A person's word ends it.
    expect(made.decide('approve', next, 0, one)).toEqual({ kind: 'done' });
    const renewed = fileOf(made.enrolment.renew(next.places[0]?.codeId ?? '', 'admin'));
    expect(await made.ask(renewed, 0, one)).toMatchObject({ state: 'active' });
  });

  it('is no key at all when a signature under it proves nothing', async () => {
    const made = desk();
    const file = created(made);
    const [wanted] = file.places;
    if (!wanted) throw new Error('the file has places');
    const raw = Buffer.alloc(32);
    raw[0] = 1;
    const forged = Buffer.concat([raw, Buffer.alloc(32)]).toString('base64url');
    const identity = { publicKey: raw.toString('base64url'), sign: () => forged };
    const answer = await made.enrolment.take(makeRequest(file, wanted, identity), 'line');
    expect(answer).toEqual({ kind: 'refused', because: 'badSignature' });
    expect(made.enrolments.list()).toEqual([]);
  });
});

describe('the addresses of a file', () => {
  it('are not in the clear where the collector has TLS, but on its own machine', () => {
    const made = desk();
    made.world.isTlsOnly = true;
    const fileAt = (more: object) => made.enrolment.createFile({ siteCode: '4216', ...more }, 'a');
    for (const more of [
      { urls: ['wss://pulse.example:8443', 'ws://pulse.example:8080'] },
      { relayUrl: 'ws://10.0.0.5:8085' },
    ])
      expect(fileAt(more)).toMatchObject({ kind: 'refused', because: 'plainAddress' });
    expect(made.states()).toEqual([]);
    for (const url of ['ws://127.0.0.1:8080', 'ws://[::1]:8080', 'ws://localhost:8080'])
      expect(fileAt({ urls: [url] })).toMatchObject({ kind: 'file' });
    expect(fileAt({ relayUrl: 'wss://10.0.0.5:8085' })).toMatchObject({ kind: 'file' });
    made.world.isTlsOnly = false;
    expect(fileAt({ relayUrl: 'ws://10.0.0.5:8085' })).toMatchObject({ kind: 'file' });
  });
});

describe('the list of places', () => {
  it('comes by pages in the order of places, and by what is asked of it', async () => {
    const made = desk();
    const file = created(made, approved);
    await made.ask(file, 0, one);
    const all = made.enrolment.list({ limit: 100 }).map(({ codeId }) => codeId);
    expect(all).toHaveLength(3);
    const pages: string[] = [];
    for (let after: string | undefined; ; after = pages.at(-1)) {
      const [next] = made.enrolment.list({ limit: 1, after });
      if (!next) break;
      pages.push(next.codeId);
    }
    expect(pages).toEqual(all);
    const undecided = made.enrolment.list({ limit: 9, isUndecided: true });
    expect(undecided.map(({ codeId }) => codeId)).toEqual([file.places[0]?.codeId]);
    expect(made.enrolment.list({ limit: 9, search: '42' })).toHaveLength(3);
    expect(made.enrolment.list({ limit: 9, search: '43' })).toEqual([]);
    expect(made.enrolment.counts()).toEqual({ total: 3, active: 0 });
    made.decide('approve', file, 0, one);
    expect(made.enrolment.counts()).toEqual({ total: 3, active: 1 });
    expect(made.enrolment.list({ limit: 9, isUndecided: true })).toEqual([]);
    await made.ask(file, 0, other);
    expect(made.enrolment.list({ limit: 9, isUndecided: true })).toHaveLength(1);
  });
});
