import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Timers } from '@ppe-pulse/protocol';
import type { Language } from '@ppe-pulse/protocol/texts';
import type { Log } from '../platform/log.ts';
import { Listening } from './listening.ts';
import { isOfThisPc } from './loopback.ts';

/** What the page is made of. */
export interface OwnPageParts {
  readonly port: number;
  readonly timers: Timers;
  readonly log: Log;
  /** The readiness sheet of this PC now, as a whole page. */
  readonly sheet: (language: Language) => Promise<string>;
}

/** Never anything but this PC: whoever sees the page sits at it. */
const HOST = '127.0.0.1';
const MAX_CONNECTIONS = 8;
/** A page that is open asks again with about every heartbeat. */
const AGAIN_SECONDS = 5;
const LOOK_EVERY_MS = 600_000;

/** Nothing but the sheet and its own style: no script, no picture, nothing from elsewhere, never in a frame. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/**
 * The page of this workstation, for the person at it: `http://127.0.0.1:8087/`, `?lang=en` in English. It
 * shows and takes nothing; until somebody opens it, it costs a socket that listens.
 */
export class OwnPage {
  readonly #listening: Listening;

  constructor({ port, timers, log, sheet }: OwnPageParts) {
    this.#listening = new Listening(
      {
        what: 'the page of this PC',
        host: HOST,
        port,
        maxConnections: MAX_CONNECTIONS,
        lookEveryMs: LOOK_EVERY_MS,
      },
      answering(sheet),
      { timers, log },
    );
  }

  /** The port that was really taken, null while there is none. */
  get port(): number | null {
    return this.#listening.port;
  }

  async start(): Promise<void> {
    await this.#listening.start();
  }

  stop(): void {
    this.#listening.stop();
  }
}

function answering(sheet: OwnPageParts['sheet']): RequestListener {
  return (request, response) => {
    const asked = addressOf(request.url);
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const refusal = refusalOf(request, asked?.pathname);
    if (refusal !== undefined) {
      response.writeHead(refusal, { 'content-type': 'text/plain' }).end();
      return;
    }
    const language = asked?.searchParams.get('lang') === 'en' ? 'en' : 'ru';
    sheet(language).then(
      (html) => send(response, html),
      () => response.writeHead(503, { 'content-type': 'text/plain' }).end(),
    );
  };
}

/** Undefined for what is no address: anybody at this PC may send anything. */
function addressOf(text = '/'): URL | undefined {
  return URL.canParse(text, `http://${HOST}`) ? new URL(text, `http://${HOST}`) : undefined;
}

function refusalOf(request: IncomingMessage, pathname: string | undefined): number | undefined {
  if (!isOfThisPc(request.headers, request.socket.localPort ?? null)) return 403;
  if (pathname !== '/') return 404;
  return request.method === 'GET' || request.method === 'HEAD' ? undefined : 405;
}

function send(response: ServerResponse, html: string): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    refresh: String(AGAIN_SECONDS),
  });
  response.end(html);
}
