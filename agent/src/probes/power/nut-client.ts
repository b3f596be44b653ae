import { connect } from 'node:net';
import { failureOf } from '../../platform/failures.ts';
import { dialHost } from '../../platform/resolve-localhost.ts';
import type { PowerLook } from './power-look.ts';
import { parseNutReply, powerOfUps, upsNames, upsVariables, type NutReply } from './nut.ts';

/** Where NUT's upsd listens, and which of its UPSes feeds this PC. */
export interface NutTarget {
  readonly host: string;
  readonly port: number;
  /** May be missing where there is only one. */
  readonly ups?: string;
}

const DEADLINE_MS = 3_000;
const MAX_BYTES = 64 * 1024;

/** Asks upsd how the UPS is. Never rejects; ends within 6 s. */
export async function askUps(target: NutTarget, signal: AbortSignal): Promise<PowerLook> {
  const name = target.ups ?? (await onlyUps(target, signal));
  if (typeof name !== 'string') return name;
  const reply = await askNut(target, `LIST VAR ${name}`, signal);
  return reply.kind === 'list' ? powerOfUps(upsVariables(reply.lines)) : failed(reply);
}

async function onlyUps(target: NutTarget, signal: AbortSignal): Promise<string | PowerLook> {
  const reply = await askNut(target, 'LIST UPS', signal);
  if (reply.kind !== 'list') return failed(reply);
  const [name, ...more] = upsNames(reply.lines);
  if (name !== undefined && more.length === 0) return name;
  // Of several somebody must say which one it is.
  return { kind: 'failed', reason: name === undefined ? 'notFound' : 'notConfigured' };
}

function failed(reply: Exclude<NutReply, { kind: 'list' }>): PowerLook {
  return { kind: 'failed', reason: reply.kind === 'failed' ? reply.reason : 'badAnswer' };
}

/** One question on a connection of its own: in between, upsd may be restarted as it likes. */
function askNut(
  { host, port }: NutTarget,
  question: string,
  signal: AbortSignal,
): Promise<NutReply> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: dialHost(host), port });
    const finish = (reply: NutReply): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(reply);
      socket.destroy();
    };
    const onAbort = (): void => finish({ kind: 'failed', reason: 'noAnswer' });
    const timer = setTimeout(onAbort, DEADLINE_MS);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('connect', () => socket.write(`${question}\n`));
    socket.on('error', (error) => finish({ kind: 'failed', reason: failureOf(error) }));
    // Gone in the middle of a word.
    socket.on('close', () => finish({ kind: 'failed', reason: 'badAnswer' }));
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      const reply: NutReply =
        text.length > MAX_BYTES ? { kind: 'failed', reason: 'badAnswer' } : parseNutReply(text);
      if (reply.kind !== 'unfinished') finish(reply);
    });
  });
}
