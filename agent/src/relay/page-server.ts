import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
  HQ_FRAME_MAX_MS,
  HQ_PATH,
  HQ_SUBPROTOCOL,
  closeCodes,
  limits,
  type HqFrame,
  type PeerSocket,
  type Timers,
} from '@ppe-pulse/protocol';
import type { Log } from '../platform/log.ts';
import { Listening } from '../local/listening.ts';
import { isOfThisPc } from '../local/loopback.ts';
import { PageFiles } from './page-files.ts';
import { serveSockets, type UpgradeRefusal } from './server-sockets.ts';

/** What the page is served from. */
export interface PageServerParts {
  readonly port: number;
  readonly directory: string;
  readonly frame: () => HqFrame;
  readonly timers: Timers;
  readonly log: Log;
}

/** Never anything but this PC: whoever sees the page sits in the Штаб. */
const HOST = '127.0.0.1';
/** Pages that are open at once. */
const MAX_PAGES = 16;
/** A ППЭ of 250 workstations is about 600 kB; a page that has not read the last few is cut. */
const BUFFER_BYTES = 4_000_000;

/** The page of the Штаб: files, and a socket that pushes the whole ППЭ. */
export class PageServer {
  readonly #parts: PageServerParts;
  readonly #listening: Listening;
  readonly #sockets: { close(): Promise<void> };
  readonly #pages = new Set<PeerSocket>();
  #pushedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: PageServerParts) {
    this.#parts = parts;
    const { port, timers, log } = parts;
    const at = { what: 'the page of the Штаб', host: HOST, port, maxConnections: 64 };
    this.#listening = new Listening(at, guarded(new PageFiles(parts.directory)), { timers, log });
    this.#sockets = serveSockets(
      this.#listening.server,
      {
        path: HQ_PATH,
        subprotocol: HQ_SUBPROTOCOL,
        maxFrameBytes: limits.boardFrameBytes,
        maxBufferedBytes: BUFFER_BYTES,
        admit: (request) => this.#admit(request),
      },
      (socket) => this.#opened(socket),
    );
  }

  get port(): number | null {
    return this.#listening.port;
  }

  async start(): Promise<void> {
    await this.#listening.start();
  }

  async stop(): Promise<void> {
    for (const page of this.#pages)
      page.close(closeCodes.goingAway.code, closeCodes.goingAway.reason);
    await this.#sockets.close();
    this.#listening.stop();
  }

  /** Once a second: pushes the frame when something changed or the last is too old. */
  tick(isChanged: boolean, nowMs: number): void {
    if (this.#pages.size === 0) return;
    if (!isChanged && nowMs - this.#pushedAtMs < HQ_FRAME_MAX_MS) return;
    this.#pushedAtMs = nowMs;
    const text = JSON.stringify(this.#parts.frame());
    for (const page of this.#pages) page.send(text);
  }

  #admit(request: IncomingMessage): UpgradeRefusal | { readonly leave: () => void } {
    if (!isOfThisPc(request.headers, this.port)) return { status: 403 };
    return this.#pages.size >= MAX_PAGES ? { status: 503 } : { leave: () => undefined };
  }

  #opened(page: PeerSocket): void {
    this.#pages.add(page);
    page.onClose(() => this.#pages.delete(page));
    // A page has nothing to say.
    page.onText(() => page.close(closeCodes.badFrame.code, closeCodes.badFrame.reason));
    page.send(JSON.stringify(this.#parts.frame()));
  }
}

function guarded(files: PageFiles): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    const { host } = request.headers;
    const port = request.socket.localPort ?? null;
    for (const [name, value] of securityHeaders(host)) response.setHeader(name, value);
    if (isOfThisPc(request.headers, port)) {
      files.answer(request, response);
      return;
    }
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end('this page is for this PC only\n');
  };
}

/** Everything comes from the relay itself; nothing inline, nothing framed. */
function securityHeaders(host: string | undefined): [string, string][] {
  // Firefox 115 does not take 'self' for WebSockets: the very host is named beside it.
  const socket = host !== undefined && /^[a-z0-9.:[\]]{1,60}$/.test(host) ? ` ws://${host}` : '';
  const policy = [
    "default-src 'self'",
    "base-uri 'none'",
    `connect-src 'self'${socket}`,
    "form-action 'none'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
  ];
  return [
    ['content-security-policy', policy.join('; ')],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', 'DENY'],
    ['referrer-policy', 'no-referrer'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
  ];
}
