import { getServers } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnLine } from './own-line.ts';

/** A host that should answer when our line works. */
export interface Landmark {
  readonly host: string;
  readonly port: number;
}

/** Longer than any answer of a line that works: for the name, then for the knock. */
const DEADLINE_MS = 1_500;
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

/** Asks whether our line works by knocking at all of them: one that answers is enough. */
export function createLookout(hosts: readonly Landmark[]): () => Promise<OwnLine> {
  // A cut-off resolver takes its time, and cannot be told to stop: one question a name.
  const asked = new Set<string>();
  const addressOf = async (host: string): Promise<string | undefined> => {
    if (isIP(host) !== 0) return host;
    if (asked.has(host)) return undefined;
    asked.add(host);
    try {
      return (await lookup(host)).address;
    } catch {
      // A name that cannot be found is the answer: this landmark cannot be reached.
      return undefined;
    } finally {
      asked.delete(host);
    }
  };
  const answers = async ({ host, port }: Landmark): Promise<boolean> => {
    const address = await Promise.race([addressOf(host), sleep(DEADLINE_MS, undefined)]);
    return address !== undefined && (await answersKnock({ host: address, port }));
  };
  return async () => {
    if (hosts.length === 0) return 'unknown';
    return (await Promise.all(hosts.map(answers))).includes(true) ? 'works' : 'fails';
  };
}

/** A refusal is an answer too: somebody is there. */
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
