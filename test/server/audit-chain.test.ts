import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAudit } from '../../server/src/state/audit.ts';
import { chainHead, checkChain, markOf } from '../../server/src/state/audit-chain.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { api, testCollector } from '../support/collector.ts';
import { newIdentity } from '../support/agent-peer.ts';
import { runCollector as run } from '../support/run-collector.ts';
import { tempDir } from '../support/temp-dir.ts';

const AT_MS = Date.parse('2024-05-15T09:42:00+07:00');

interface Kept {
  readonly dataDir: string;
  readonly database: StateDatabase;
}

/** A data folder in which so many things were done. */
function kept(entries: number): Kept {
  const dataDir = tempDir();
  const database = openState(join(dataDir, 'state.sqlite'));
  onTestFinished(() => database.close());
  const audit = createAudit(database);
  database.transaction(() => {
    for (let at = 1; at <= entries; at += 1)
      audit.add({
        atMs: AT_MS + at,
        account: at % 2 === 0 ? 'admin' : 'Дежурный',
        action: 'incident.ack',
        subject: `i-${at}`,
        details: { note: null, at, isDrill: false },
      });
  });
  return { dataDir, database };
}

/** As somebody who owns the file does: the triggers are no lock. */
function tamper({ database }: Kept, sql: string): void {
  database.exec('DROP TRIGGER IF EXISTS audit_keeps_entries');
  database.exec('DROP TRIGGER IF EXISTS audit_keeps_words');
  database.exec(sql);
}

describe('the chain of the audit', () => {
  it('holds over thousands of entries, and over none', () => {
    expect(checkChain(kept(0).database)).toEqual({ entries: 0, head: null, fault: null });
    const { database } = kept(2_500);
    expect(checkChain(database)).toEqual({
      entries: 2_500,
      head: { id: 2_500, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      fault: null,
    });
  });

  it('is not changed by a mistake of ours', () => {
    const { database } = kept(3);
    expect(() => database.run("UPDATE audit SET account = 'x' WHERE id = 2")).toThrow(
      'never changed',
    );
    expect(() => database.run('DELETE FROM audit WHERE id = 2')).toThrow('never removed');
    expect(checkChain(database)).toMatchObject({ entries: 3, fault: null });
  });

  it.each([
    ['a word is changed', "UPDATE audit SET account = 'nobody' WHERE id = 3", 3, 'changed'],
    ['a time is changed', 'UPDATE audit SET at_ms = at_ms + 1 WHERE id = 3', 3, 'changed'],
    ['a detail is changed', "UPDATE audit SET details = '{}' WHERE id = 3", 3, 'changed'],
    [
      'a hash is changed',
      'UPDATE audit SET hash = lower(hex(randomblob(32))) WHERE id = 3',
      3,
      'changed',
    ],
    ['an entry is taken out', 'DELETE FROM audit WHERE id = 3', 4, 'missing'],
    [
      'one is put in before the first',
      `INSERT INTO audit SELECT -7, at_ms, account, action, subject, details, previous, hash
        FROM audit WHERE id = 1`,
      -7,
      'missing',
    ],
    ['the first is taken out', 'DELETE FROM audit WHERE id = 1', 2, 'missing'],
    [
      'one is taken out and the rest moves up',
      'DELETE FROM audit WHERE id = 3; UPDATE audit SET id = id - 1 WHERE id > 3',
      3,
      'unlinked',
    ],
  ])('shows that %s', (_, sql, id, kind) => {
    const all = kept(6);
    tamper(all, sql);
    expect(checkChain(all.database).fault).toEqual({ id, kind });
  });

  it('shows any change of any letter, wherever it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom('account', 'action', 'subject', 'details', 'previous', 'hash'),
        fc.string({ minLength: 1, maxLength: 12 }),
        (id, column, text) => {
          const all = kept(8);
          const [before] = all.database.all(`SELECT ${column} AS v FROM audit WHERE id = ?`, id);
          tamper(all, '');
          all.database.run(`UPDATE audit SET ${column} = ? WHERE id = ?`, text, id);
          fc.pre(before?.v !== text);
          expect(checkChain(all.database).fault?.id).toBe(id);
        },
      ),
      { seed: 20_240_515, numRuns: 25 },
    );
  });

  it('that lost its end, or was written anew, is told by a mark from before', () => {
    const all = kept(6);
    const mark = chainHead(all.database);
    if (!mark) throw new Error('there is a head');
    expect(checkChain(all.database, mark).fault).toBeNull();
    createAudit(all.database).add({
      atMs: AT_MS,
      account: 'a',
      action: 'b',
      subject: '',
      details: {},
    });
    expect(checkChain(all.database, mark).fault).toBeNull();
    tamper(all, 'DELETE FROM audit WHERE id > 4');
    expect(checkChain(all.database).fault).toBeNull();
    expect(checkChain(all.database, mark).fault).toEqual({ id: 6, kind: 'notTheMark' });
  });

  it.each([
    '',
    '7',
    '7:abc',
    `-1:${'a'.repeat(64)}`,
    `7:${'A'.repeat(64)}`,
    `7:${'a'.repeat(64)} `,
  ])('takes «%s» for no mark', (text) => {
    expect(markOf(text)).toBeUndefined();
  });
});

describe('ppe-collector audit', () => {
  it('verifies beside a running collector, prints a mark, and takes it back', async () => {
    const { dataDir, database } = kept(3);
    const { code, out } = await run('audit', 'verify', '--data', dataDir);
    const head = chainHead(database);
    expect([code, out]).toEqual([
      0,
      [
        'ok   3 entries, each on the one before',
        `write this down elsewhere, for --since: 3:${head?.hash}`,
      ],
    ]);
    const mark = `3:${head?.hash}`;
    expect((await run('audit', 'verify', '--data', dataDir, '--since', mark)).code).toBe(0);
    tamper({ dataDir, database }, "UPDATE audit SET subject = 'i-9' WHERE id = 2");
    const broken = await run('audit', 'verify', '--data', dataDir);
    expect([broken.code, broken.out[0]]).toEqual([
      1,
      'FAIL entry 2: it is not what it was when it was written',
    ]);
    const told = JSON.parse(
      (await run('audit', 'verify', '--data', dataDir, '--json')).out[0] ?? '',
    );
    expect(told).toMatchObject({ entries: 1, fault: { id: 2, kind: 'changed' } });
  });

  it('makes nothing of what another version wrote, and leaves it as it is', async () => {
    const { dataDir, database } = kept(1);
    database.exec('PRAGMA user_version=999');
    const { code, err } = await run('audit', 'verify', '--data', dataDir);
    expect([code, err.join(' ')]).toEqual([78, expect.stringContaining('of another version')]);
    expect(database.all('SELECT user_version AS v FROM pragma_user_version')).toEqual([{ v: 999 }]);
  });

  it('exports every entry, the oldest first', async () => {
    const { dataDir } = kept(2);
    const { out } = await run('audit', 'export', '--data', dataDir);
    expect(out.map((line) => JSON.parse(line) as object)).toEqual([
      {
        at: '2024-05-15T02:42:00.001Z',
        id: 1,
        hash: expect.any(String) as string,
        account: 'Дежурный',
        action: 'incident.ack',
        subject: 'i-1',
        details: { note: null, at: 1, isDrill: false },
      },
      expect.objectContaining({ id: 2 }),
    ]);
  });

  it.each([
    [['audit', 'verfy'], 64, 'did you mean "audit verify"?'],
    [['audit', 'verify', '--since', 'yesterday'], 64, 'NUMBER:HASH'],
    [['audit', 'verify', '--data', '/nowhere/at/all'], 78, 'no collector has kept anything'],
  ])('%j is refused', async (args, expected, words) => {
    const { code, err } = await run(...args);
    expect([code, err.join('\n')]).toEqual([expected, expect.stringContaining(words)]);
  });
});

describe('what people do in the collector', () => {
  it('stands in the chain: who let whom in, who enrolled what', async () => {
    const dataDir = tempDir();
    const collector = await testCollector({ dataDir });
    const { publicKey } = newIdentity();
    const placement = { siteCode: '4216', roomCode: '0001', role: 'organizer', duty: 'main' };
    const body = { publicKey, placement };
    for (const status of [201, 200])
      expect((await api(collector, '/api/v1/workstations', { method: 'POST', body })).status).toBe(
        status,
      );
    const link = await api(collector, '/api/v1/sign-in-links', { method: 'POST' });
    const { path } = link.body as unknown as { path: string };
    expect((await fetch(collector.url + path, { redirect: 'manual' })).status).toBe(303);
    const answer = await api(collector, '/api/v1/audit');
    const { items } = answer.body as unknown as { items: { id: number; action: string }[] };
    // Who looks into the audit stands in it as well, the first of what he sees.
    expect(items.map(({ action }) => action)).toEqual([
      'audit.read',
      'session.begin',
      'session.link',
      'workstation.enrol',
    ]);
    expect(items.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
    const { code } = await run('audit', 'verify', '--data', dataDir);
    expect(code).toBe(0);
  });
});
