import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import {
  LIVE_PATH,
  LIVE_SUBPROTOCOL,
  SnapshotJoiner,
  type BoardFrame,
  type ToBoard,
} from '@ppe-pulse/protocol';
import type { AccountRole } from '../../server/src/access/principal.ts';
import type { Collector } from '../../server/src/collector.ts';
import { api } from './collector.ts';

const PROBLEM = 'urn:ppe-pulse:problem:';

type Served = Pick<Collector, 'url' | 'adminToken'>;

export interface Answer {
  readonly status: number;
  /** Of a problem document; empty for anything else. */
  readonly kind: string;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/** A browser: it keeps its cookie, and says where its requests come from. */
export class Browser {
  cookie = '';
  readonly collector: Served;

  constructor(collector: Served) {
    this.collector = collector;
  }

  async ask(
    path: string,
    init: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await fetch(this.collector.url + path, {
      method: init.method ?? 'GET',
      redirect: 'manual',
      headers: {
        origin: this.collector.url,
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...init.headers,
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    const given = response.headers.get('set-cookie')?.split(';')[0];
    if (given !== undefined) this.cookie = given;
    const text = await response.text();
    const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Answer['body'];
    const kind = typeof body.type === 'string' ? body.type.replace(PROBLEM, '') : '';
    return { status: response.status, kind, text, body, headers: response.headers };
  }

  signIn(account: string, password: string, code?: string): Promise<Answer> {
    const body = { account, password, ...(code !== undefined && { code }) };
    return this.ask('/api/v1/sign-in', { method: 'POST', body });
  }

  /** A board: its frames as they come, and how it was closed. */
  async board(): Promise<{ frames: ToBoard[]; closed: Promise<number>; socket: WebSocket }> {
    const url = this.collector.url.replace(/^http/, 'ws') + LIVE_PATH;
    const headers = { cookie: this.cookie, origin: this.collector.url };
    const socket = new WebSocket(url, LIVE_SUBPROTOCOL, { headers });
    onTestFinished(() => socket.terminate());
    const frames: ToBoard[] = [];
    const joiner = new SnapshotJoiner();
    socket.on('message', (data: Buffer) => {
      const frame = joiner.take(JSON.parse(data.toString()) as BoardFrame);
      if (frame) frames.push(frame);
    });
    await once(socket, 'open');
    const closed = once(socket, 'close').then(([code]) => Number(code));
    socket.send(JSON.stringify({ type: 'hello', protocol: 1 }));
    while (frames.length < 2) await once(socket, 'message');
    return { frames, closed, socket };
  }
}

/** A post of a test, and where it may look. */
export interface Post {
  readonly account: string;
  readonly role: AccountRole;
  readonly municipality?: string;
  readonly siteCode?: string;
}

export function passwordOf(account: string): string {
  return `a password of ${account}`;
}

/** Adds an account, opens its link and sets its password: somebody who works with the board. */
export async function employ(collector: Served & Collector, post: Post): Promise<Browser> {
  const made = await api(collector, '/api/v1/accounts', { method: 'POST', body: post });
  if (made.status !== 201) throw new Error(`${post.account}: ${JSON.stringify(made.body)}`);
  const browser = new Browser(collector);
  await browser.ask(String(made.body['path']));
  const body = { next: passwordOf(post.account) };
  const set = await browser.ask('/api/v1/session/password', { method: 'PUT', body });
  if (set.status !== 200) throw new Error(`${post.account}: ${set.text}`);
  return browser;
}
