import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { permissions } from '../../server/src/api/permissions.ts';
import type { Collector } from '../../server/src/collector.ts';
import { api, testCollector } from '../support/collector.ts';
import { fuzzSeed } from '../support/fuzz.ts';
import { Browser, employ } from '../support/people.ts';
import { tempDir } from '../support/temp-dir.ts';

const TIME_MS = 8_000;
/** Stands in a file beside the board's folder: nobody may ever read it. */
const SECRET = 'a-file-outside-of-the-board';

/** A small generator of numbers that the seed decides (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends bytes as they are: no client makes a path tidy first. */
async function raw(collector: Collector, request: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(collector.url);
  const socket: Socket = connect(Number(port), hostname);
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  socket.write(Buffer.from(request, 'latin1'));
  await new Promise<void>((done) => {
    socket.on('close', () => done());
    socket.on('error', () => done());
    socket.setTimeout(4_000, () => socket.destroy());
  });
  const text = Buffer.concat(parts).toString('utf8');
  const at = text.indexOf('\r\n\r\n');
  const head = at < 0 ? text : text.slice(0, at);
  return { status: Number(head.split(' ')[1] ?? 0), head, body: at < 0 ? '' : text.slice(at + 4) };
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'];
const oddParts = [
  '.. %2e%2e %2E. .%00 %2f %5c \\ // /./ % %zz %c0%af %ff ? # ; : * <script> {{7*7}} \u00e9'.split(
    ' ',
  ),
  'secret.txt package.json state.sqlite admin.token etc/passwd'.split(' '),
  ['\t', "' OR 1=1--", 'a'.repeat(300)],
].flat();
const oddHeaders = [
  'Content-Length: -1',
  'Content-Length: 5\r\nContent-Length: 6',
  'Transfer-Encoding: chunked\r\nContent-Length: 4',
  'Transfer-Encoding: xchunked',
  'Cookie: ppe_pulse_session=' + 'A'.repeat(43),
  'Cookie: ' + 'a=b; '.repeat(500),
  'Cookie: __proto__=1; ppe_pulse_session=%00',
  'Authorization: Bearer ' + 'x'.repeat(64),
  'Authorization: Basic YWRtaW46YWRtaW4=',
  'Accept: text/html',
  'Accept-Encoding: br;q=NaN, *;q=9',
  'Range: bytes=0-999999999999999999999',
  'If-None-Match: ' + '"'.repeat(100),
  'Content-Type: application/json; charset=utf-16',
  'Content-Type: multipart/form-data',
  'X-Forwarded-For: 127.0.0.1\r\nX-Original-URL: /api/v1/accounts',
  'X-HTTP-Method-Override: DELETE',
  'Origin: null',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Expect: 100-continue',
  'Host: evil.example',
];
const bodies = [
  '',
  '{',
  '{}',
  '[]',
  'null',
  '{"__proto__":{"role":"admin"}}',
  '{"account":{"$ne":1}}',
];

function fuzzed(pick: (below: number) => number, routes: readonly string[]): string {
  const of = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
  let path = of(routes).replaceAll(/:\w+/g, () => (pick(2) === 0 ? '4216' : of(oddParts)));
  for (let edits = pick(4); edits > 0; edits -= 1) {
    const at = pick(path.length + 1);
    path = path.slice(0, at) + of(oddParts) + path.slice(at + pick(3));
  }
  const headers = Array.from({ length: pick(4) }, () => of(oddHeaders));
  const host = headers.some((each) => each.startsWith('Host')) ? [] : ['Host: 127.0.0.1'];
  const body = of(bodies);
  const length = headers.some((each) => each.includes('Length'))
    ? []
    : [`Content-Length: ${body.length}`];
  const type = pick(2) === 0 ? ['Content-Type: application/json'] : [];
  const lines = [...host, ...headers, ...length, ...type, 'Connection: close'];
  return `${of(methods)} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** A board beside which there is a file that is none of it. */
function boardBeside(): string {
  const root = tempDir();
  const board = join(root, 'board');
  mkdirSync(join(board, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.txt'), SECRET);
  writeFileSync(join(board, 'index.html'), '<!doctype html><title>ППЭ</title>');
  writeFileSync(join(board, 'assets', 'index-1a2b.js'), '// a script');
  return board;
}

/** What must never be told: stacks, files, modules, statements of the store. */
const INTERNALS =
  /\bat .*\(.*:\d+:\d+\)|node_modules|\.ts:\d|SQLITE|\bSELECT\b.*\bFROM\b|ENOENT|\/tmp\//;

/** What is wrong with an answer, whatever was asked; undefined for nothing. */
function faultOf({ status, head, body }: RawAnswer): string | undefined {
  if (!(status < 500)) return `status ${status}`;
  if (body.includes(SECRET)) return 'a file of outside';
  if (INTERNALS.test(body)) return `internals: ${body}`;
  return /x-powered-by/i.test(head) ? 'says what it is made with' : undefined;
}

describe('HTTP under fuzz', () => {
  it('never fails, tells no internals and gives no file outside, whatever is asked', async () => {
    const collector = await testCollector({ boardDir: boardBeside() });
    const routes = Object.keys(permissions)
      .filter((route) => !route.startsWith('WS '))
      .map((route) => route.split(' ')[1] ?? '/')
      .concat('/assets/index-1a2b.js', '/nowhere', '/api/v1/nowhere');
    const seed = fuzzSeed('http');
    const pick = numbers(seed);
    const endMs = performance.now() + TIME_MS;
    const statuses = new Map<number, number>();
    let asked = 0;
    while (performance.now() < endMs) {
      const batch = Array.from({ length: 20 }, () => fuzzed(pick, routes));
      const answers = await Promise.all(batch.map((each) => raw(collector, each)));
      for (const [at, answer] of answers.entries()) {
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const fault = faultOf(answer);
        if (fault !== undefined)
          throw new Error(`PPE_PULSE_SEED=${seed}, ${JSON.stringify(batch[at])}: ${fault}`);
      }
      asked += batch.length;
    }
    expect(asked).toBeGreaterThan(200);
    // It went through the server, and not only into its parser: refusals and answers of many kinds.
    for (const status of [200, 400, 401, 404]) expect([...statuses.keys()]).toContain(status);
    expect((await api(collector, '/readyz')).status).toBe(200);
  }, 30_000);
});

/** Other ways to write an address of ours. */
function spellings(path: string): string[] {
  const [, first = '', ...rest] = path.split('/');
  const encoded = `%${first.charCodeAt(0).toString(16)}${first.slice(1)}`;
  return [
    `/${path}`,
    `/${first}//${rest.join('/')}`,
    `/${first.toUpperCase()}/${rest.join('/')}`,
    `${path}/`,
    `${path}//`,
    `${path}/.`,
    `/./${first}/${rest.join('/')}`,
    `/%2e/${first}/${rest.join('/')}`,
    `/x/../${first}/${rest.join('/')}`,
    `/x/%2e%2e/${first}/${rest.join('/')}`,
    `/${first}%2f${rest.join('/')}`,
    `/${first}%2F${rest.join('%2F')}`,
    `/${first}\\${rest.join('\\')}`,
    `/${encoded}/${rest.join('/')}`,
    `${path}%00`,
    `${path}%20`,
    `${path};x=1`,
    `${path}?`,
    `${path}#`,
    `${path}.json`,
    `http://127.0.0.1${path}`,
  ];
}

describe('an odd spelling', () => {
  it('opens no route to anybody who may not call it as it is', async () => {
    const collector = await testCollector({ boardDir: boardBeside() });
    const wall = await employ(collector, { account: 'wall-1', role: 'wall' });
    const secrets = ['/api/v1/accounts', '/api/v1/audit', '/metrics', '/api/v1/webhooks'];
    for (const path of secrets) {
      for (const cookie of ['', wall.cookie]) {
        expect((await wall.ask(path, { headers: { cookie } })).status).toBeGreaterThanOrEqual(401);
        for (const spelling of spellings(path)) {
          const head = `GET ${spelling} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\nConnection: close`;
          const { status, body } = await raw(collector, `${head}\r\n\r\n`);
          expect([spelling, [400, 401, 403, 404].includes(status)]).toEqual([spelling, true]);
          expect(body).not.toContain('"items"');
        }
      }
    }
  });

  it.each(['x-http-method-override', 'x-method-override', 'x-original-url', 'x-rewrite-url'])(
    'by the header %s is no other request',
    async (name) => {
      const collector = await testCollector();
      const browser = new Browser(collector);
      const value = name.endsWith('url') ? '/api/v1/accounts' : 'DELETE';
      const { status, text } = await browser.ask('/healthz', { headers: { [name]: value } });
      expect([status, text]).toEqual([200, '{"alive":true}']);
    },
  );
});

describe('every answer', () => {
  it('says what a browser may do with it, and lets nobody frame or sniff it', async () => {
    const collector = await testCollector({ boardDir: boardBeside() });
    for (const path of ['/', '/api/v1/sign-in', '/api/v1/overview', '/nowhere', '/api/v1/%2f']) {
      const { headers } = await new Browser(collector).ask(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect([path, policy]).toEqual([path, expect.stringContaining("default-src 'self'")]);
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('server')).toBeNull();
      // A browser that once heard it over plain HTTP must not hold us to TLS that is not there.
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });

  it('is refused to a body that is larger than its route takes', async () => {
    const collector = await testCollector();
    const send = (path: string, bytes: number) =>
      fetch(collector.url + path, {
        method: 'POST',
        body: JSON.stringify({ account: 'a', password: 'x'.repeat(bytes) }),
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${collector.adminToken}`,
        },
      });
    expect((await send('/api/v1/sign-in', 9_000)).status).toBe(413);
    expect((await send('/api/v1/accounts', 70_000)).status).toBe(413);
  });

  it('is slowed down where one address asks too often', async () => {
    const collector = await testCollector();
    const browser = new Browser(collector);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => browser.ask(`/sign-in/${'A'.repeat(43)}`)),
    );
    const kinds = answers.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'linkUsed')).toHaveLength(30);
    expect(kinds.filter((kind) => kind === 'tooManyRequests')).toHaveLength(10);
  });
});
