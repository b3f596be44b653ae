import { describe, expect, it } from 'vitest';
import type { Credential } from '@ppe-pulse/protocol/enrolment';
import { makeRequest } from '../../agent/src/enrolment/make-request.ts';
import { agentIdOf } from '../../server/src/access/keys.ts';
import { createEnrolments } from '../../server/src/state/enrolments.ts';
import {
  created,
  desk,
  endMs,
  fileOf,
  hq,
  one,
  other,
  place,
  startMs,
  third,
} from '../support/desk-world.ts';

const DAY_MS = 86_400_000;

describe('the desk', () => {
  it('gives every planned place a code, and keeps none of them', () => {
    const made = desk();
    const file = created(made);
    expect(file.places.map(({ roomCode, role, number }) => [roomCode, role, number])).toEqual([
      ['7777', 'hq', 1],
      ['0012', 'kege', 1],
      ['0012', 'kege', 2],
    ]);
    expect([file.validFromMs, file.validToMs]).toEqual([
      Date.parse('2024-05-08T00:00+07:00'),
      endMs,
    ]);
    const kept = JSON.stringify([
      made.database.all('SELECT * FROM enrolment_codes'),
      made.database.all('SELECT * FROM audit'),
    ]);
    for (const { code } of file.places) expect(kept).not.toContain(code);
  });

  it('enrols one PC a place, equal places in turn, and names the Штаб to the others', async () => {
    const made = desk();
    const file = created(made);
    await made.ask(file, 0, hq);
    const first = (await made.ask(file, 1, one)) as Credential;
    expect(first).toMatchObject({ state: 'active', validToMs: endMs, relays: [hq.publicKey] });
    expect(await made.ask(file, 1, other)).toBe('placeTaken');
    await made.ask(file, 2, other);
    expect(await made.ask(file, 1, third)).toBe('codeUsed');
    expect(made.states()).toEqual(['replaceAsked', 'active', 'active']);
    expect(await made.ask(file, 1, one)).toEqual(first);
    expect(
      made.enrolments
        .list()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([hq, one, other].map(({ agentId }) => agentId).sort());
  });

  it('lets one in in the place of another by a person’s word, who is told to go', async () => {
    const made = desk();
    const file = created(made);
    await made.ask(file, 0, one);
    await made.ask(file, 0, other);
    expect(made.decide('approve', file, 0, other)).toEqual({ kind: 'done' });
    expect(made.world.left).toEqual([`${one.agentId} 4216 revoked`]);
    expect(made.enrolments.endOf(one.agentId)).toBe('revoked');
    expect(await made.ask(file, 0, other)).toMatchObject({ agentId: other.agentId });
    // The one that was replaced asks in its turn: nothing is decided by itself.
    expect(await made.ask(file, 0, one)).toBe('codeUsed');
    const strange = { codeId: 'e-00000000000000aa', workstationId: one.agentId, account: 'duty' };
    expect(made.enrolment.approve(strange)).toMatchObject({ because: 'unknownCode' });
    expect(made.actions()).toEqual([
      'enrolment.file',
      'workstation.enrol',
      'enrolment.ask',
      'enrolment.approve',
      'workstation.enrol',
      'workstation.revoke',
      'enrolment.ask',
    ]);
  });

  it('burns a pending code that a person rejects, and asks nobody where nobody waits', async () => {
    const made = desk();
    const file = created(made, { needsApproval: true });
    expect(made.decide('reject', file, 0, one)).toMatchObject({ because: 'nobodyAsks' });
    expect(await made.ask(file, 0, one)).toMatchObject({ state: 'pending', relays: [] });
    expect(made.enrolments.list()).toEqual([]);
    expect(made.decide('reject', file, 0, one)).toEqual({ kind: 'done' });
    expect(await made.ask(file, 0, one)).toBe('codeRevoked');
    expect(await made.ask(file, 0, other)).toBe('codeRevoked');
  });

  it('moves a PC that takes another place, and leaves the first one to be renewed', async () => {
    const made = desk();
    const file = created(made);
    await made.ask(file, 0, one);
    await made.ask(file, 1, one);
    expect(made.enrolments.list()).toMatchObject([{ placement: { roomCode: '0012' } }]);
    expect(made.states()).toEqual(['active', 'unused', 'revoked']);
    const again = fileOf(made.enrolment.renew(file.places[0]?.codeId ?? '', 'admin'));
    expect(again.places).toHaveLength(1);
    expect(made.states()).toEqual(['active', 'unused', 'unused']);
  });

  it('renews a place whose PC stays until the new code is used', async () => {
    const made = desk();
    const file = created(made);
    await made.ask(file, 0, one);
    const fresh = fileOf(made.enrolment.renew(file.places[0]?.codeId ?? '', 'admin'));
    expect(made.enrolments.find(one.agentId)).toBeDefined();
    await made.ask(fresh, 0, other);
    expect(made.world.left).toEqual([`${one.agentId} 4216 revoked`]);
    expect(await made.ask(file, 0, one)).toBe('codeReplaced');
    expect(await made.ask(fresh, 0, other)).toMatchObject({ agentId: other.agentId });
  });

  it('makes earlier codes of free places worthless with a new file, and keeps those who are in', async () => {
    const made = desk();
    const file = created(made);
    await made.ask(file, 0, hq);
    const second = created(made);
    expect(second.places).toHaveLength(2);
    expect(await made.ask(file, 1, one)).toBe('codeReplaced');
    expect(await made.ask(second, 0, one)).toMatchObject({ agentId: one.agentId });
    expect(await made.ask(file, 0, hq)).toMatchObject({ agentId: hq.agentId });
    await made.ask(second, 1, other);
    expect(made.enrolment.createFile({ siteCode: '4216' }, 'admin')).toMatchObject({
      because: 'nothingToEnrol',
    });
    expect(made.enrolment.createFile({ siteCode: '4217' }, 'admin')).toMatchObject({
      because: 'unknownSite',
    });
  });

  it('takes an enrolment back, whatever brought it', async () => {
    const made = desk();
    const file = created(made);
    await made.ask(file, 0, one);
    made.enrolments.enrol(other.agentId, other.publicKey, { ...place, simulated: false }, startMs);
    const by = { account: 'duty', note: 'украден' };
    expect(made.enrolment.revoke(one.agentId, by)).toEqual({ kind: 'done' });
    expect(made.enrolment.revoke(other.agentId, by)).toEqual({ kind: 'done' });
    expect(made.enrolment.revoke(other.agentId, by)).toMatchObject({
      because: 'unknownWorkstation',
    });
    expect(await made.ask(file, 0, one)).toBe('codeRevoked');
    expect(made.world.left).toHaveLength(2);
    // After a restart it is still so.
    const again = createEnrolments(made.database);
    expect(again.list()).toEqual([]);
    expect(again.endOf(one.agentId)).toBe('revoked');
    expect(again.endOf(third.agentId)).toBe(undefined);
  });

  it('ends those whose last moment has come, and nobody without an end', async () => {
    const made = desk();
    const file = created(made);
    await made.ask(file, 0, one);
    made.enrolments.enrol(other.agentId, other.publicKey, { ...place, simulated: false }, startMs);
    made.world.nowMs = endMs - 1;
    made.enrolment.sweep();
    expect(made.enrolments.list()).toHaveLength(2);
    made.world.nowMs = endMs;
    made.enrolment.sweep();
    made.enrolment.sweep();
    expect(made.world.left).toEqual([`${one.agentId} 4216 expired`]);
    expect(made.enrolments.list().map(({ id }) => id)).toEqual([other.agentId]);
    expect(made.enrolments.endOf(one.agentId)).toBe('expired');
    expect(await made.ask(file, 0, one)).toBe('tooLate');
    expect(made.actions().filter((each) => each === 'workstation.expire')).toHaveLength(1);
    // The next rehearsal’s file is for all of its places again.
    const next = created(made, { validFrom: '2024-05-20', validTo: '2024-05-31' });
    expect(next.places).toHaveLength(3);
    made.world.nowMs = endMs + 5 * DAY_MS;
    expect(await made.ask(next, 0, one)).toMatchObject({ agentId: one.agentId });
    expect(made.enrolments.find(one.agentId)?.enrolledAtMs).toBe(made.world.nowMs);
  });

  it('refuses what is proven by no code, by another one, or for another', async () => {
    const made = desk();
    const file = created(made);
    const [first, second] = file.places;
    if (!first || !second) throw new Error('the file has places');
    const take = async (request: ReturnType<typeof makeRequest>): Promise<string> => {
      const answer = await made.enrolment.take(request, 'line');
      return answer.kind === 'refused' ? answer.because : answer.kind;
    };
    const good = makeRequest(file, first, one);
    const stolen = makeRequest(file, { ...first, code: second.code }, one);
    expect(await take(stolen)).toBe('unknownCode');
    expect(await take({ ...good, codeId: 'e-00000000000000aa' })).toBe('unknownCode');
    expect(await take({ ...good, fileId: 'f-00000000000000aa' })).toBe('unknownCode');
    expect(await take({ ...good, publicKey: other.publicKey })).toBe('unknownCode');
    expect(await take({ ...good, signature: makeRequest(file, first, other).signature })).toBe(
      'badSignature',
    );
    expect(await take({ ...good, collectorId: 'c-00000000000000aa' })).toBe('otherCollector');
    expect(await made.ask(file, 0, one, '4217')).toBe('otherSite');
    expect(made.enrolments.list()).toEqual([]);
    expect(await take(good)).toBe('credential');
    expect(made.world.joined).toEqual([agentIdOf(one.publicKey)]);
  });
});
