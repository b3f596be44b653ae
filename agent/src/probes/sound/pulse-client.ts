import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { codeOf } from '../../platform/errors.ts';
import { dialHost } from '../../platform/resolve-localhost.ts';
import { PulseError, pulseBytes, pulseNumber, pulseProperties, PulseReader } from './pulse-tags.ts';
import type { SoundFailure, SoundServer } from './pulse-server.ts';

/** Commands of PulseAudio's native protocol (pulsecore/native-common.h); all of them only read. */
export const pulseCommands = {
  serverInfo: 20,
  sinks: 22,
  sources: 24,
} as const;
export type PulseCommand = keyof typeof pulseCommands;

/** The replies to some commands in their order, or why there are none. */
export type PulseAnswer =
  | { readonly kind: 'answered'; readonly replies: readonly PulseReader[] }
  | { readonly kind: 'failed'; readonly reason: SoundFailure };

/** The layout of replies is that of the version a client announces: of PulseAudio 2.0 and later. */
const VERSION = 24;
const COMMAND = { error: 0, reply: 2, auth: 8, setClientName: 9 } as const;
/** Code of an error: a wrong key, or none. */
const ACCESS_DENIED = 1;
/** Length, channel, two of an offset, flags: 32 bits each. */
const HEAD_BYTES = 20;
const CONTROL = 0xffffffff;
const COOKIE_BYTES = 256;
const DEADLINE_MS = 3_000;
/** A PC with three cards answers 12 kB. */
const MAX_REPLY_BYTES = 1_048_576;
/** Of one connection. */
const MAX_BYTES = 4 * MAX_REPLY_BYTES;

/** Asks a sound server over its socket: no program is started and nothing is played. Never rejects. */
export async function askPulse(
  server: SoundServer,
  commands: readonly PulseCommand[],
  signal?: AbortSignal,
): Promise<PulseAnswer> {
  const cookie = await cookieOf(server);
  const requests = [
    frame(COMMAND.auth, 0, pulseNumber(VERSION), pulseBytes(cookie)),
    frame(COMMAND.setClientName, 1, pulseProperties({ 'application.name': 'ppe-pulse' })),
    ...commands.map((command, at) => frame(pulseCommands[command], at + 2)),
  ];
  return new Promise((resolve) => {
    const socket = connect(addressOf(server.address));
    const replies = new Map<number, PulseReader>();
    const finish = (answer: PulseAnswer): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(answer);
    };
    const fail = (reason: SoundFailure): void => finish({ kind: 'failed', reason });
    const giveUp = (): void => fail('noServer');
    const timer = setTimeout(giveUp, DEADLINE_MS);
    signal?.addEventListener('abort', giveUp, { once: true });
    socket.on('error', (error) => fail(codeOf(error) === 'EACCES' ? 'unauthorised' : 'noServer'));
    socket.on('close', () => fail('noServer'));
    socket.on('connect', () => socket.write(Buffer.concat(requests)));
    readFrames(socket, (payload) => {
      const reader = new PulseReader(payload);
      const command = reader.u32();
      const tag = reader.u32();
      if (command === COMMAND.error)
        fail(reader.u32() === ACCESS_DENIED ? 'unauthorised' : 'badAnswer');
      if (command !== COMMAND.reply) return;
      replies.set(tag, reader);
      const all = commands.map((_, at) => replies.get(at + 2));
      if (all.every((each) => each !== undefined)) finish({ kind: 'answered', replies: all });
    }).catch(() => fail('badAnswer'));
  });
}

/** Hands on whole control frames. Rejects for what is none; the connection is of no use then. */
function readFrames(socket: Socket, take: (payload: Buffer) => void): Promise<never> {
  let kept: Buffer = Buffer.alloc(0);
  let bytes = 0;
  return new Promise((_, reject) => {
    socket.on('data', (piece: Buffer) => {
      try {
        bytes += piece.length;
        if (bytes > MAX_BYTES) throw new PulseError('answers without end');
        kept = takeFrames(Buffer.concat([kept, piece]), take);
      } catch (error) {
        if (!(error instanceof PulseError)) throw error;
        reject(error);
      }
    });
  });
}

/** What is left after the whole frames of `bytes`. Throws a `PulseError`. */
export function takeFrames(bytes: Buffer, take: (payload: Buffer) => void): Buffer {
  let rest = bytes;
  while (rest.length >= HEAD_BYTES) {
    const length = rest.readUInt32BE(0);
    if (length > MAX_REPLY_BYTES) throw new PulseError('a frame too long');
    if (rest.length < HEAD_BYTES + length) break;
    // Sound itself never comes: nothing is recorded over this connection.
    if (rest.readUInt32BE(4) === CONTROL) take(rest.subarray(HEAD_BYTES, HEAD_BYTES + length));
    rest = rest.subarray(HEAD_BYTES + length);
  }
  return rest;
}

function frame(command: number, tag: number, ...values: readonly Buffer[]): Buffer {
  const payload = Buffer.concat([pulseNumber(command), pulseNumber(tag), ...values]);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(payload.length, 0);
  head.writeUInt32BE(CONTROL, 4);
  return Buffer.concat([head, payload]);
}

/** `unix:/path`, `/path` or `tcp:host:port`, as `PULSE_SERVER` takes them. */
function addressOf(address: string): { path: string } | { host: string; port: number } {
  const tcp = /^tcp:(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(address);
  if (tcp) return { host: dialHost(tcp[1] ?? tcp[2] ?? ''), port: Number(tcp[3] ?? 4_713) };
  return { path: address.replace(/^unix:/, '') };
}

/** The server's key; zeros where there is none: the server may know this user without it. */
async function cookieOf({ cookiePath }: SoundServer): Promise<Buffer> {
  const none = Buffer.alloc(COOKIE_BYTES);
  if (cookiePath === undefined) return none;
  try {
    const key = await readFile(cookiePath);
    return key.length === COOKIE_BYTES ? key : none;
  } catch {
    return none;
  }
}
