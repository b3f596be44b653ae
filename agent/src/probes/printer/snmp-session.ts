import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { dialHost } from '../../platform/resolve-localhost.ts';
import {
  decodeSnmp,
  encodeSnmp,
  SnmpError,
  type SnmpBinding,
  type SnmpReply,
  type SnmpRequest,
} from './snmp-message.ts';

/** Where a printer's SNMP agent is. */
export interface SnmpTarget {
  readonly host: string;
  readonly port: number;
  readonly community: string;
}

/** For each of the tries. */
const TIMEOUT_MS = 1_000;
const TRIES = 2;

interface Pending {
  readonly request: SnmpRequest;
  readonly bytes: Buffer;
  readonly answered: (bindings: readonly SnmpBinding[]) => void;
  readonly failed: (error: SnmpError) => void;
  tries: number;
  timer: NodeJS.Timeout | undefined;
}

/** Asks one SNMP agent over one socket. */
export class SnmpSession {
  readonly #target: SnmpTarget;
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  /** Something came since the last outcome that is no answer: somebody is there, but speaks otherwise. */
  #sawNonsense = false;
  #isClosed = false;

  constructor(target: SnmpTarget) {
    this.#target = target;
    this.#socket = createSocket(isIPv6(target.host) ? 'udp6' : 'udp4');
    // What is asked holds the process by its timer; a socket that nobody closed must not.
    this.#socket.unref();
    this.#socket.on('message', (bytes) => this.#take(bytes));
    // Such as a port that is not to be had, or a name that nobody knows.
    this.#socket.on('error', (error) => this.#end(error.message));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** What it answers for each of `oids`, in their order. Rejects with an `SnmpError`. */
  ask(kind: SnmpRequest['kind'], oids: readonly string[]): Promise<readonly SnmpBinding[]> {
    return new Promise((answered, failed) => {
      // Whoever does not see the question cannot guess the answer.
      const request = {
        kind,
        id: randomInt(1, 2 ** 31 - 1),
        community: this.#target.community,
        oids,
      };
      const bytes = encodeSnmp(request);
      const pending = { request, bytes, answered, failed, tries: 0, timer: undefined };
      this.#pending.set(request.id, pending);
      this.#send(pending);
    });
  }

  /** What was asked and not answered fails. */
  close(): void {
    this.#end('it is closed');
  }

  #send(pending: Pending): void {
    if (this.#isClosed) return this.#fail(pending, new SnmpError('badAnswer', 'it is closed'));
    pending.tries += 1;
    pending.timer = setTimeout(() => this.#missed(pending), TIMEOUT_MS);
    const { host, port } = this.#target;
    this.#socket.send(pending.bytes, port, dialHost(host), (error) => {
      if (error) this.#fail(pending, new SnmpError('badAnswer', error.message));
    });
  }

  #missed(pending: Pending): void {
    if (pending.tries < TRIES) return this.#send(pending);
    const reason = this.#sawNonsense ? 'badAnswer' : 'noAnswer';
    this.#sawNonsense = false;
    this.#fail(pending, new SnmpError(reason, 'no answer in time'));
  }

  #take(bytes: Buffer): void {
    const reply = decoded(bytes);
    const pending = reply && this.#pending.get(reply.id);
    if (!reply || reply.community !== this.#target.community) {
      this.#sawNonsense = true;
      return;
    }
    // The answer to a question that was asked twice, or to none.
    if (!pending) return;
    this.#sawNonsense = false;
    if (!isAnswer(reply, pending.request))
      return this.#fail(pending, new SnmpError('badAnswer', 'it refuses, or answers otherwise'));
    this.#forget(pending);
    pending.answered(reply.bindings);
  }

  #fail(pending: Pending, error: SnmpError): void {
    this.#forget(pending);
    pending.failed(error);
  }

  #forget({ request, timer }: Pending): void {
    clearTimeout(timer);
    this.#pending.delete(request.id);
  }

  #end(why: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
    for (const pending of this.#pending.values())
      this.#fail(pending, new SnmpError('badAnswer', why));
  }
}

function decoded(bytes: Buffer): SnmpReply | undefined {
  try {
    return decodeSnmp(bytes);
  } catch (error) {
    if (error instanceof SnmpError) return undefined;
    throw error;
  }
}

function isAnswer({ errorStatus, bindings }: SnmpReply, { kind, oids }: SnmpRequest): boolean {
  const isSame = kind === 'getNext' || bindings.every(({ oid }, at) => oid === oids[at]);
  return errorStatus === 0 && bindings.length === oids.length && isSame;
}
