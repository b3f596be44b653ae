import { getServers } from 'node:dns';
import { connect, isIP } from 'node:net';
import type { OwnLine } from './own-line.ts';

/** A host that should answer when our line works. */
export interface Landmark {
  readonly host: string;
  readonly port: number;
}

/** Longer than any answer of a line that works. */
const DEADLINE_MS = 2_000;
const DNS_PORT = 53;

/** Hosts to ask: those of the configuration, else the resolvers of this machine. */
export function landmarks(configured: readonly string[]): readonly Landmark[] {
  if (configured.length > 0) return configured.map(landmarkOf);
  return getServers()
    .map(landmarkOf)
    .filter(({ host }) => !isLocal(host));
}

/** True for an address of this machine: its peers do not come over the line. */
export function isLocal(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || plain === 'localhost' || plain.startsWith('127.') || plain === '';
}

/** Knocks at all of them: one that answers, and be it with a refusal, is enough. */
export async function lookAround(hosts: readonly Landmark[]): Promise<OwnLine> {
  if (hosts.length === 0) return 'unknown';
  const answers = await Promise.all(hosts.map(answersKnock));
  return answers.includes(true) ? 'works' : 'fails';
}

function answersKnock({ host, port }: Landmark): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(DEADLINE_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED'));
  });
}

function landmarkOf(text: string): Landmark {
  if (isIP(text) !== 0) return { host: text, port: DNS_PORT };
  const at = text.lastIndexOf(':');
  const port = Number(text.slice(at + 1));
  const host = text.slice(0, at).replace(/^\[|\]$/g, '');
  return at < 0 || !Number.isInteger(port) ? { host: text, port: DNS_PORT } : { host, port };
}
