import { chownSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeInbox } from '../../agent/src/carry/inbox.ts';
import { readRoster, writeRoster } from '../../agent/src/carry/roster-file.ts';
import { newIdentity } from '../support/agent-peer.ts';
import { partOf, putPart, signerOf } from '../support/carried.ts';
import { beats, headquarters, memberOf, placement, spool } from '../support/headquarters.ts';
import { tempDir } from '../support/temp-dir.ts';

describe('the relay’s inbox', () => {
  it('keeps a part that the spool has no room for, and gives it again whole', async () => {
    const member = newIdentity();
    const { stick, run, find, inbox, waiting } = headquarters([member]);
    putPart(stick, partOf(signerOf(member), beats(1, 450)));
    run();
    let room = 2;
    const { sink, got } = spool(() => room-- > 0);
    expect(await takeInbox(inbox, find, sink)).toMatchObject({ takenParts: 0, waitingParts: 1 });
    expect(waiting()).toHaveLength(1);
    room = 100;
    expect(await takeInbox(inbox, find, sink)).toMatchObject({ takenParts: 1, waitingParts: 0 });
    expect(new Set(got.map(([, { seq }]) => seq)).size).toBe(450);
    expect(waiting()).toEqual([]);
  });

  it('throws away what this disk has damaged, and what is not of it is not touched', async () => {
    const member = newIdentity();
    const { stick, run, find, inbox, waiting } = headquarters([member]);
    putPart(stick, partOf(signerOf(member), beats(1, 9)));
    run();
    writeFileSync(join(inbox, waiting()[0] ?? ''), 'damaged');
    writeFileSync(join(inbox, 'notes.txt'), 'stays');
    expect(await takeInbox(inbox, find, spool().sink)).toMatchObject({ refusedParts: 1 });
    expect(waiting()).toEqual(['notes.txt']);
  });

  it('belongs to the service also when an administrator has run the import', (test) => {
    if (process.getuid?.() !== 0) return test.skip('only root may give files away');
    const member = newIdentity();
    const { stick, dataDir, run, inbox, waiting } = headquarters([member]);
    chownSync(dataDir, 65_534, 65_534);
    putPart(stick, partOf(signerOf(member), beats(1, 9)));
    run();
    const kept = join(dataDir, 'carry-receipts');
    const paths = [inbox, kept, ...waiting().map((name) => join(inbox, name))];
    paths.push(...readdirSync(kept).map((name) => join(kept, name)));
    expect(paths.map((path) => statSync(path).uid)).toEqual([65_534, 65_534, 65_534, 65_534]);
  });

  it('keeps what cannot be read now', async () => {
    const members = [newIdentity(), newIdentity()];
    const { stick, run, find, inbox, waiting } = headquarters(members);
    for (const each of members) putPart(stick, partOf(signerOf(each), beats(1, 9)));
    run();
    // While the first is looked at, the second becomes something that does not open.
    const swap = (id: string): void => {
      const other = waiting().find((name) => !name.startsWith(id)) ?? '';
      renameSync(join(inbox, other), join(inbox, 'aside'));
      symlinkSync('nowhere', join(inbox, other));
    };
    let isSwapped = false;
    const report = await takeInbox(
      inbox,
      (id) => {
        if (!isSwapped) swap(id);
        isSwapped = true;
        return find(id);
      },
      spool().sink,
    );
    expect(report).toMatchObject({ takenParts: 1, refusedParts: 0, waitingParts: 1 });
    expect(waiting()).toContain('aside');
  });

  it('that was never made is empty', async () => {
    const report = await takeInbox(join(tempDir(), 'none'), () => undefined, spool().sink);
    expect(report).toMatchObject({ takenParts: 0, waitingParts: 0 });
  });
});

describe('the roster on the disk', () => {
  it('is read as it was written, and a damaged one is none', () => {
    const dataDir = tempDir();
    expect(readRoster(dataDir)).toBeUndefined();
    const member = newIdentity();
    const { agentId, publicKey } = member;
    writeRoster(dataDir, { type: 'roster', members: [{ agentId, publicKey, placement }] });
    expect(readRoster(dataDir)?.(agentId)).toEqual(memberOf(member));
    expect(readRoster(dataDir)?.(newIdentity().agentId)).toBeUndefined();
    for (const text of ['{', '{"type":"roster"}', '{"type":"goodbye","reason":"sleep"}']) {
      writeFileSync(join(dataDir, 'roster.json'), text);
      expect(readRoster(dataDir)).toBeUndefined();
    }
  });
});
