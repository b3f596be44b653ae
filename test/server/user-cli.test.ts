import { describe, expect, it } from 'vitest';
import { testCollector } from '../support/collector.ts';
import { Browser } from '../support/people.ts';
import { runCollector } from '../support/run-collector.ts';
import { tempDir } from '../support/temp-dir.ts';

function folderOf(tokenFile: string): string {
  return tokenFile.replace(/[/\\][^/\\]+$/, '');
}

describe('ppe-collector user', () => {
  it('adds, lists, links and revokes through the collector that runs', async () => {
    const collector = await testCollector();
    const data = folderOf(collector.tokenFile);
    const added = await runCollector(
      'user',
      'add',
      'kemerovo',
      '--role=municipal',
      '--municipality=kemerovo',
      '--data',
      data,
      '--json',
    );
    expect(added).toMatchObject({ code: 0, err: [] });
    const { link } = JSON.parse(added.out[0] ?? '') as { link: string };
    expect(link.startsWith(`${collector.url}/sign-in/`)).toBe(true);
    const browser = new Browser(collector);
    await browser.ask(new URL(link).pathname);
    expect((await browser.ask('/api/v1/session')).body).toMatchObject({
      role: 'municipal',
      municipality: 'kemerovo',
      mustSetPassword: true,
    });
    const { out } = await runCollector('user', 'list', '--data', data);
    expect(out).toEqual([
      'admin  admin  no password yet',
      'kemerovo  municipal  kemerovo  no password yet',
    ]);
    expect((await runCollector('user', 'link', 'kemerovo', '--data', data)).out[0]).toContain(
      'one-time link',
    );
    expect((await browser.ask('/api/v1/session')).status).toBe(401);
    expect((await runCollector('user', 'revoke', 'kemerovo', '--data', data)).code).toBe(0);
    expect((await runCollector('user', 'list', '--data', data)).out).toHaveLength(1);
    const refused = await runCollector('user', 'revoke', 'admin', '--data', data);
    expect([refused.code, refused.err[0]]).toEqual([78, expect.stringContaining('stays an admin')]);
  });

  it('works on the folder of a collector that stands still: the way back in for a locked-out admin', async () => {
    const data = tempDir();
    const made = await runCollector('user', 'link', 'admin', '--data', data, '--json');
    expect(made).toMatchObject({ code: 0, err: [] });
    const { link } = JSON.parse(made.out[0] ?? '') as { link: string };
    expect(link).toMatch(/^\/sign-in\/[A-Za-z0-9_-]{43}$/);
    const unknown = await runCollector(
      'user',
      'add',
      'ppe',
      '--role',
      'ppe',
      '--ppe',
      '4216',
      '--data',
      data,
    );
    expect([unknown.code, unknown.err[0]]).toEqual([
      78,
      expect.stringContaining('no site of that code'),
    ]);
    const collector = await testCollector({ dataDir: data });
    const browser = new Browser(collector);
    await browser.ask(link);
    expect((await browser.ask('/api/v1/session')).body).toMatchObject({
      account: 'admin',
      role: 'admin',
      mustSetPassword: true,
    });
  });

  it.each([
    [['user', 'ad', 'x'], 'did you mean "user add"?'],
    [['user', 'add', 'Ivan Ivanov', '--role', 'operator'], 'the name of a post'],
    [['user', 'add', 'duty', '--role', 'boss'], 'admin, operator, municipal, ppe, wall'],
    [['user', 'add', 'duty'], '--role'],
    [['user', 'add', 'ppe', '--role', 'ppe', '--ppe', '42165'], 'four digits'],
    [['user', 'link'], 'the name of a post'],
  ])('%j is a mistake that says what to do: %s', async (args, words) => {
    const { code, err } = await runCollector(...args, '--data', tempDir());
    expect([code, err.length]).toEqual([64, 1]);
    expect(err[0]).toContain(words);
  });
});
