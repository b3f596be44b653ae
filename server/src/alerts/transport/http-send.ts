import { Agent as PlainAgent } from 'node:http';
import { Agent as TlsAgent, type RequestOptions } from 'node:https';
import type { Clock } from '../../clock.ts';
import type { Outgoing, Send } from '../delivery.ts';
import type { AddressPolicy } from './address-policy.ts';
import { checkUrl } from './check-url.ts';
import { addressesOf, type ResolvedAddress, type ResolveName } from './host-resolver.ts';
import { exchange } from './http-exchange.ts';
import { failure, type SendOutcome } from './send-outcome.ts';
import { pinnedTo } from './pinned-lookup.ts';
import { signatureHeaders } from './sign.ts';
import { transportLimits, type TransportLimits } from './transport-limits.ts';
import { within } from './within.ts';

export interface HttpSendParts {
  readonly policy: AddressPolicy;
  readonly resolve: ResolveName;
  readonly clock: Clock;
  readonly limits?: TransportLimits;
  /** Certificates that are trusted instead of the system's, PEM. */
  readonly ca?: string;
}

/** Connections that are open at once: as many as attempts, to one receiver and to all. */
const MAX_SOCKETS = 16;
/** Connections that wait for the next alert of a receiver, and for how long. */
const MAX_FREE_SOCKETS = 2;
const FREE_SOCKET_MS = 20_000;

type HttpOutgoing = Extract<Outgoing, { kind: 'http' }>;
type HttpEvent = Parameters<Send>[2];

/** Posts to receivers. The connection goes to the very address that was judged, the name stays. */
export class HttpSend {
  readonly #parts: HttpSendParts;
  readonly #limits: TransportLimits;
  /** By whether private addresses are allowed: a kept connection must not outlive the permission. */
  readonly #agents: Readonly<Record<'public' | 'private', Agents>>;

  constructor(parts: HttpSendParts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? transportLimits;
    this.#agents = { public: newAgents(), private: newAgents() };
  }

  readonly send: Send = async (outgoing, webhook, event) => {
    const startedMs = this.#parts.clock.monotonicMs();
    const passedMs = (): number => this.#parts.clock.monotonicMs() - startedMs;
    const outcome =
      outgoing.kind === 'http'
        ? await this.#try(outgoing, webhook.allowsPrivate, { event, passedMs })
        : failure('notRenderable', false);
    return { ...outcome, tookMs: passedMs() };
  };

  /** Ends the connections that are kept. */
  close(): void {
    for (const { plain, tls } of Object.values(this.#agents)) {
      plain.destroy();
      tls.destroy();
    }
  }

  async #try(
    outgoing: HttpOutgoing,
    allowsPrivate: boolean,
    about: { readonly event: HttpEvent; readonly passedMs: () => number },
  ): Promise<SendOutcome> {
    const { policy } = this.#parts;
    const { connectWithinMs, wholeWithinMs } = this.#limits;
    const wrong = checkUrl(outgoing.url, allowsPrivate, policy);
    if (wrong) {
      const isRefused = wrong.reason === 'addressRefused';
      return failure(isRefused ? 'addressRefused' : 'notRenderable', false);
    }
    const headers = this.#headersOf(outgoing, about.event);
    if (!headers) return failure('notRenderable', false);
    const url = new URL(outgoing.url);
    const asked = addressesOf(url.hostname, allowsPrivate, this.#parts);
    const found = await within(connectWithinMs, asked);
    if (found === undefined || found.kind === 'unknown') return failure('dnsFailed');
    if (found.kind === 'refused') return failure('addressRefused', false);
    const call = (agents: Agents | null) =>
      exchange({
        url,
        body: outgoing.body,
        options: this.#options(url, { headers, agents, addresses: found.addresses }),
        limits: this.#limits,
        connectWithinMs: connectWithinMs - about.passedMs(),
        wholeWithinMs: wholeWithinMs - about.passedMs(),
        nowMs: this.#parts.clock.wallMs(),
      });
    const first = await call(this.#agents[allowsPrivate ? 'private' : 'public']);
    return first.isStale ? (await call(null)).outcome : first.outcome;
  }

  #options(
    url: URL,
    made: {
      readonly headers: Readonly<Record<string, string>>;
      readonly agents: Agents | null;
      readonly addresses: readonly ResolvedAddress[];
    },
  ): RequestOptions {
    const { ca } = this.#parts;
    const agent = url.protocol === 'https:' ? made.agents?.tls : made.agents?.plain;
    const options = {
      method: 'POST',
      headers: { ...made.headers },
      agent: agent ?? false,
      ...pinnedTo(made.addresses),
      // Said aloud: a variable of the environment could turn it off.
      rejectUnauthorized: true,
    };
    return ca === undefined ? options : { ...options, ca };
  }

  #headersOf(
    outgoing: HttpOutgoing,
    event: HttpEvent,
  ): Readonly<Record<string, string>> | undefined {
    const { body, signingSecret } = outgoing;
    const message = { id: event.id, atMs: this.#parts.clock.wallMs(), body };
    try {
      return {
        'user-agent': 'ppe-pulse',
        ...outgoing.headers,
        'content-length': String(Buffer.byteLength(body)),
        'webhook-id': event.id,
        ...(signingSecret === undefined ? {} : signatureHeaders(signingSecret, message)),
      };
    } catch {
      // A secret that is none: nothing can be signed with it, now or later.
      return undefined;
    }
  }
}

interface Agents {
  readonly plain: PlainAgent;
  readonly tls: TlsAgent;
}

function newAgents(): Agents {
  const options = {
    keepAlive: true,
    maxSockets: MAX_SOCKETS,
    maxTotalSockets: MAX_SOCKETS * 2,
    maxFreeSockets: MAX_FREE_SOCKETS,
    timeout: FREE_SOCKET_MS,
  };
  return { plain: new PlainAgent(options), tls: new TlsAgent(options) };
}
