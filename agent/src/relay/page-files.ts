import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

/** The page of the Штаб among the built ones. */
const DOCUMENT = 'hq.html';
/** Files of a folder that are served; a page has a few dozen. */
const MAX_FILES = 500;
const MAX_DEPTH = 3;
const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/**
 * Serves the built page: only files that were found in its folder, by the path that they have there,
 * so no request can name another.
 */
export class PageFiles {
  readonly #paths: ReadonlyMap<string, string>;

  constructor(directory: string) {
    this.#paths = new Map(filesOf(directory, '', 0).slice(0, MAX_FILES));
  }

  get hasPage(): boolean {
    return this.#paths.has(`/${DOCUMENT}`);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const wanted = (request.url ?? '').split('?', 1)[0] ?? '';
    const path = this.#paths.get(wanted === '/' ? `/${DOCUMENT}` : wanted);
    if (!isRead) return plain(response, 405, 'only GET');
    if (path === undefined) {
      return plain(response, 404, this.hasPage ? 'not found' : 'the page is not installed here');
    }
    const type = mediaTypes[extname(path)] ?? 'application/octet-stream';
    const isHashed = wanted.startsWith('/assets/');
    response.setHeader('content-type', type);
    response.setHeader(
      'cache-control',
      isHashed ? 'public, max-age=31536000, immutable' : 'no-store',
    );
    send(response, path, request.method === 'HEAD');
  }
}

function send(response: ServerResponse, path: string, isHead: boolean): void {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch {
    // Replaced by a newer build since the start.
    response.removeHeader('content-type');
    plain(response, 404, 'not found');
    return;
  }
  response.setHeader('content-length', content.length);
  response.writeHead(200);
  response.end(isHead ? undefined : content);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.setHeader('cache-control', 'no-store');
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

function filesOf(directory: string, under: string, depth: number): [string, string][] {
  let entries;
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch {
    // A page that is not installed is told to whoever asks for it.
    return [];
  }
  return entries.flatMap((entry): [string, string][] => {
    const path = join(directory, entry.name);
    const url = `${under}/${entry.name}`;
    if (entry.isFile()) return [[url, path]];
    return entry.isDirectory() && depth < MAX_DEPTH ? filesOf(path, url, depth + 1) : [];
  });
}

/** Beside the runtime or the bundle where it is installed; in a checkout where the board is built. */
export function defaultPage(): string {
  const installed = join(process.env['PPE_PULSE_INSTALL_DIR'] ?? import.meta.dirname, 'page');
  return existsSync(installed)
    ? installed
    : join(import.meta.dirname, '..', '..', '..', 'board', 'dist');
}
