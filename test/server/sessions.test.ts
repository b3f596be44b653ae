import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { LIVE_PATH, LIVE_SUBPROTOCOL, PROTOCOL_VERSION } from '@ppe-pulse/protocol';
import { createAccess } from '../../server/src/access/access.ts';
import { SLIDE_EVERY_MS } from '../../server/src/access/sessions.ts';
import { buildIdOf } from '../../server/src/build-id.ts';
import type { Collector } from '../../server/src/collector.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { COLLECTOR_VERSION } from '../../server/src/version.ts';
import { testCollector } from '../support/collector.ts';
import { tempDir } from '../support/temp-dir.ts';

const DAY_MS = 24 * 3_600_000;
/** 15 May 2024, 09:36 in Kuzbass. */
const startMs = Date.parse('2024-05-15T02:36:00Z');

function signedIn() {
  const database = openState(join(tempDir(), 'state.sqlite'));
  onTestFinished(() => database.close());
  const access = createAccess(database, 'an-admin-token-of-this-test');
  const code = access.createLink(startMs).split('/').at(-1) ?? '';
  const session = access.redeemLink(code, startMs);
  if (!session) throw new Error('the link was refused');
  return {
    access,
    ...session,
    again: () => access.redeemLink(access.createLink(startMs), startMs),
  };
}

describe('a session', () => {
  it('that nobody uses ends after a week', () => {
    const { access, token } = signedIn();
    expect(access.bySession(token, startMs + 7 * DAY_MS)).toBeUndefined();
  });

  it('that is used slides: it ends a week after the last use, and the cookie outlives it', () => {
    const { access, token, lifeMs } = signedIn();
    for (let day = 6; day <= 60; day += 6)
      expect(access.bySession(token, startMs + day * DAY_MS)).toBeDefined();
    expect(access.bySession(token, startMs + 67 * DAY_MS)).toBeUndefined();
    expect(lifeMs).toBeGreaterThan(60 * DAY_MS);
  });

  it('is written at most once an hour', () => {
    const { access, token } = signedIn();
    // Within the first hour nothing is prolonged: the end is that of the sign-in.
    access.bySession(token, startMs + SLIDE_EVERY_MS - 1);
    expect(access.bySession(token, startMs + 7 * DAY_MS)).toBeUndefined();
  });

  it('that holds an open board does not end by itself, and does when the board has gone', () => {
    const { access, token } = signedIn();
    const release = access.hold(token, () => undefined);
    expect(access.bySession(token, startMs + 30 * DAY_MS)).toBeDefined();
    release();
    expect(access.bySession(token, startMs + 36 * DAY_MS)).toBeDefined();
    expect(access.bySession(token, startMs + 44 * DAY_MS)).toBeUndefined();
  });

  it('that holds an open board is not swept away when somebody else signs in', () => {
    const { access, token } = signedIn();
    access.hold(token, () => undefined);
    const later = startMs + 20 * DAY_MS;
    expect(access.redeemLink(access.createLink(later), later)).toBeDefined();
    expect(access.bySession(token, later)).toBeDefined();
  });

  it('that somebody ends tells what it holds open, once, and nobody else', () => {
    const { access, token, again } = signedIn();
    const told: string[] = [];
    access.hold(token, () => told.push('first'));
    access.hold(token, () => told.push('second'));
    access.hold(again()?.token ?? '', () => told.push('of another browser'));
    access.hold(token, () => told.push('gone before'))();
    access.endSession(token);
    access.endSession(token);
    expect(told).toEqual(['first', 'second']);
    expect(access.bySession(token, startMs)).toBeUndefined();
  });
});

async function board(collector: Collector, cookie: string): Promise<WebSocket> {
  const socket = new WebSocket(collector.url.replace('http', 'ws') + LIVE_PATH, LIVE_SUBPROTOCOL, {
    headers: { cookie, origin: collector.url },
  });
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION }));
  await once(socket, 'message');
  return socket;
}

describe('signing out', () => {
  it('closes the live sockets of that browser with 4401, and of no other', async () => {
    const collector = await testCollector();
    const signIn = async (): Promise<string> => {
      const answer = await fetch(collector.url + collector.signInPath(), { redirect: 'manual' });
      return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    };
    const [mine, other] = [await signIn(), await signIn()];
    const [socket, stays] = [await board(collector, mine), await board(collector, other)];
    const closed = once(socket, 'close');
    await fetch(`${collector.url}/api/v1/session`, {
      method: 'DELETE',
      headers: { cookie: mine, origin: collector.url },
    });
    expect((await closed)[0]).toBe(4401);
    // The other one goes on hearing beats.
    await once(stays, 'message');
    expect(stays.readyState).toBe(stays.OPEN);
  });
});

/** A built board in little: a document, a hashed file and what the build says of itself. */
function builtBoard(version: string): string {
  const directory = tempDir();
  mkdirSync(join(directory, 'assets'));
  const files = {
    'index.html': '<!doctype html><title>ППЭ</title>',
    'hq.html': '<!doctype html><title>Штаб</title>',
    'version.json': version,
    'sw.js': '// kept',
    'assets/index-1a2b.js': 'console.log("ППЭ");'.repeat(100),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  writeFileSync(
    join(directory, 'assets/index-1a2b.js.br'),
    brotliCompressSync(files['assets/index-1a2b.js']),
  );
  return directory;
}

describe('the files of a board', () => {
  it('come compressed to who takes that, and whole to who does not', async () => {
    const collector = await testCollector({ boardDir: builtBoard('{"build":"abcd1234"}') });
    const get = (encoding: string): Promise<Response> =>
      fetch(`${collector.url}/assets/index-1a2b.js`, { headers: { 'accept-encoding': encoding } });
    const small = await get('br, gzip');
    expect(small.headers.get('content-encoding')).toBe('br');
    expect(small.headers.get('content-type')).toContain('javascript');
    expect(small.headers.get('vary')).toContain('accept-encoding');
    expect(small.headers.get('cache-control')).toContain('immutable');
    expect(Number(small.headers.get('content-length'))).toBeLessThan(200);
    const whole = await get('identity');
    expect(whole.headers.get('content-encoding')).toBeNull();
    // The client has unpacked the first: both are the same file.
    expect(await small.text()).toBe(await whole.text());
  });

  it('are asked for again where their names stay the same: page, version and service worker', async () => {
    const collector = await testCollector({ boardDir: builtBoard('{"build":"abcd1234"}') });
    for (const path of ['/', '/incidents', '/version.json', '/sw.js']) {
      const { status, headers } = await fetch(collector.url + path);
      expect([path, status, headers.get('cache-control')]).toEqual([path, 200, 'no-cache']);
    }
    expect((await fetch(`${collector.url}/hq.html`)).status).toBe(404);
    expect((await fetch(`${collector.url}/assets/index-gone.js`)).status).toBe(404);
  });

  it('are shown to who mistypes an address, and a program gets a problem document', async () => {
    const collector = await testCollector({ boardDir: builtBoard('{"build":"abcd1234"}') });
    const ask = (path: string, accept: string): Promise<Response> =>
      fetch(collector.url + path, { headers: { accept } });
    const typed = await ask('/nowhere', 'text/html,application/xhtml+xml,*/*;q=0.8');
    expect([typed.status, await typed.text()]).toEqual([404, '<!doctype html><title>ППЭ</title>']);
    for (const [path, accept] of [
      ['/nowhere', '*/*'],
      ['/api/v1/nowhere', 'text/html'],
    ] as const) {
      const answer = await ask(path, accept);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });

  it.each([
    ['{"build":"abcd1234","serviceWorker":true}', `${COLLECTOR_VERSION}-abcd1234`],
    ['{"build":"<script>"}', COLLECTOR_VERSION],
    ['{"build":7}', COLLECTOR_VERSION],
    ['{', COLLECTOR_VERSION],
  ])('that say %s are told to boards as %s', (version, expected) => {
    expect(buildIdOf(builtBoard(version))).toBe(expected);
  });

  it('that are not there have no build of their own', () => {
    expect(buildIdOf('')).toBe(COLLECTOR_VERSION);
    expect(buildIdOf(join(tempDir(), 'nothing'))).toBe(COLLECTOR_VERSION);
  });
});
