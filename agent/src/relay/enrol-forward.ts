import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  ENROLMENT_REQUEST_BYTES,
  ENROL_PATH,
  readEnrolmentRequest,
  type EnrolmentRequest,
} from '@ppe-pulse/protocol/enrolment';
import {
  RELAY_KEY_HEADER,
  WAY_HEADER,
  postRequest,
  type Asked,
} from '../enrolment/post-request.ts';
import type { Identity } from '../platform/identity.ts';
import type { Log } from '../platform/log.ts';

/** What forwarding works with. */
export interface EnrolForwardParts {
  readonly identity: Pick<Identity, 'agentId' | 'publicKey'>;
  /** The ППЭ of this relay, undefined before the first welcome. */
  readonly siteCode: () => string | undefined;
  /** How this PC reaches the collector. */
  readonly collector: Asked;
  readonly log: Log;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** A technical specialist enrols a PC in minutes: whoever asks more often tries codes, or floods. */
const PER_ADDRESS = 30;
const IN_ALL = 120;
const WINDOW_MS = 60_000;
/** Requests on their way at once: the uplink may be slow, and its heartbeats go first. */
const ON_THEIR_WAY = 8;
const RETRY_SECONDS = 60;
/** Requests of one address whose body has not come yet: a person enrols one PC at a time. */
const UNREAD_PER_ADDRESS = 2;
/** A request is a kilobyte of one PC of the LAN: who needs longer holds a place and no more. */
const BODY_MS = 5_000;

/** A refusal of the relay itself, as a problem document of the collector's kinds. */
interface Refusal {
  readonly status: number;
  readonly kind: string;
  readonly detail: string;
}

const notHere: Refusal = { status: 404, kind: 'notFound', detail: 'there is nothing here' };
const notARequest: Refusal = {
  status: 400,
  kind: 'badRequest',
  detail: 'this is no enrolment request',
};
const otherSite: Refusal = {
  status: 403,
  kind: 'otherSite',
  detail: 'this relay is of another ППЭ: go to the HQ of your own',
};
const tooMany: Refusal = {
  status: 429,
  kind: 'tooManyRequests',
  detail: 'wait a minute and try again',
};
const noUplink: Refusal = {
  status: 503,
  kind: 'noUplink',
  detail: 'the HQ has no line to the collector: try later, or take the request on a flash drive',
};

/**
 * Hands enrolment requests of the ППЭ's own PCs to the collector. They are proven against it alone:
 * this relay can neither use them for another key nor learn a code from them.
 */
export class EnrolForward {
  readonly #parts: EnrolForwardParts;
  readonly #byAddress = new Map<string, number>();
  readonly #unread = new Map<string, number>();
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #inWindow = 0;
  #onTheirWay = 0;

  constructor(parts: EnrolForwardParts) {
    this.#parts = parts;
  }

  /** Answers everything that a relay is asked over HTTP. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').split('?', 1)[0];
    if (request.method !== 'POST' || path !== ENROL_PATH) return refuse(response, notHere);
    const address = request.socket.remoteAddress ?? '';
    if (!this.#mayAsk(address)) return refuse(response, tooMany);
    void this.#answer(address, request, response);
  }

  async #answer(
    address: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const text = await this.#bodyFrom(address, request);
    const wanted = text === undefined ? undefined : readEnrolmentRequest(text);
    if (!wanted) return refuse(response, notARequest);
    if (wanted.siteCode !== this.#parts.siteCode()) return refuse(response, otherSite);
    // What is shared by all is taken by whole requests alone: an unread one would keep it from others.
    if (this.#inWindow >= IN_ALL || this.#onTheirWay >= ON_THEIR_WAY)
      return refuse(response, tooMany);
    this.#inWindow += 1;
    this.#onTheirWay += 1;
    try {
      await this.#forward(wanted, response);
    } finally {
      this.#onTheirWay -= 1;
    }
  }

  async #forward(wanted: EnrolmentRequest, response: ServerResponse): Promise<void> {
    const { collector, identity, log } = this.#parts;
    const outcome = await postRequest(collector, wanted, { [WAY_HEADER]: 'relay' });
    if (outcome.kind === 'failed') {
      log.warn({ error: outcome.error }, 'an enrolment request did not reach the collector');
      return refuse(response, noUplink);
    }
    log.info(
      { status: outcome.status, codeId: wanted.codeId },
      'an enrolment request was answered',
    );
    response.writeHead(outcome.status, {
      'content-type': 'application/json',
      connection: 'close',
      [RELAY_KEY_HEADER]: identity.publicKey,
    });
    response.end(outcome.body);
  }

  /** Counts what an address asks, whole or not. */
  #mayAsk(address: string): boolean {
    const nowMs = this.#parts.nowMs();
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#byAddress.clear();
      this.#inWindow = 0;
    }
    const ofAddress = this.#byAddress.get(address) ?? 0;
    if (ofAddress >= PER_ADDRESS) return false;
    if ((this.#unread.get(address) ?? 0) >= UNREAD_PER_ADDRESS) return false;
    this.#byAddress.set(address, ofAddress + 1);
    return true;
  }

  async #bodyFrom(address: string, request: IncomingMessage): Promise<string | undefined> {
    this.#unread.set(address, (this.#unread.get(address) ?? 0) + 1);
    const timer = setTimeout(() => request.destroy(), BODY_MS);
    try {
      return await bodyOf(request);
    } finally {
      clearTimeout(timer);
      const left = (this.#unread.get(address) ?? 1) - 1;
      if (left > 0) this.#unread.set(address, left);
      else this.#unread.delete(address);
    }
  }
}

/** The whole body, undefined for one that is too long or breaks off. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > ENROLMENT_REQUEST_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch {
    // It broke off: nobody is there to be answered.
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refuse(response: ServerResponse, { status, kind, detail }: Refusal): void {
  const body = JSON.stringify({ type: `urn:ppe-pulse:problem:${kind}`, status, detail });
  const isLater = status === 503 || status === 429;
  if (isLater) response.setHeader('retry-after', RETRY_SECONDS);
  response.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' });
  response.end(body);
}
