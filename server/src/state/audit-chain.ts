import { createHash } from 'node:crypto';
import type { SqlRow, StateDatabase } from './database.ts';

/** What the first entry hangs on. */
export const CHAIN_START = '0'.repeat(64);

/** What an entry's hash is made of, as it lies in the database. */
export interface LinkedEntry {
  readonly id: number;
  readonly atMs: number;
  readonly account: string;
  readonly action: string;
  readonly subject: string;
  /** JSON, letter by letter. */
  readonly details: string;
  /** Hash of the entry before. */
  readonly previous: string;
}

/** SHA-256 over the entry and the hash of the one before it, hex. */
export function auditHash(entry: LinkedEntry): string {
  const { previous, id, atMs, account, action, subject, details } = entry;
  const text = JSON.stringify([previous, id, atMs, account, action, subject, details]);
  return createHash('sha256').update(text).digest('hex');
}

/** A place in the chain that somebody wrote down elsewhere: `1234:9f86d0…`. */
export interface ChainMark {
  readonly id: number;
  readonly hash: string;
}

export type ChainFault =
  /** An entry was taken out, or put in between. */
  | 'missing'
  /** It does not hang on the entry before. */
  | 'unlinked'
  /** Something in it was changed. */
  | 'changed'
  /** The mark is not, or not so, in this chain: its end was cut off, or all of it was written anew. */
  | 'notTheMark';

export interface ChainCheck {
  readonly entries: number;
  /** The newest entry; null of an empty chain. */
  readonly head: ChainMark | null;
  /** The first that is wrong; null where all hold. */
  readonly fault: { readonly id: number; readonly kind: ChainFault } | null;
}

const PAGE = 1_000;
/** Ids begin with 1; what somebody put in below them must not be passed over. */
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

/**
 * Reads the whole chain and says where it is broken first. An end that was cut off is seen only against
 * a mark from before: whoever may write the file may also write all of it anew.
 */
export function checkChain(database: StateDatabase, mark?: ChainMark): ChainCheck {
  let head: ChainMark | null = null;
  let entries = 0;
  let isMarkSeen = mark === undefined;
  for (;;) {
    const rows = database.all(
      'SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?',
      head?.id ?? BEFORE_ALL,
      PAGE,
    );
    for (const row of rows) {
      const entry = linkedOf(row);
      const hash = String(row.hash);
      const kind = faultOf(entry, hash, head);
      if (kind) return { entries, head, fault: { id: entry.id, kind } };
      head = { id: entry.id, hash };
      entries += 1;
      isMarkSeen ||= mark?.id === entry.id && mark.hash === hash;
    }
    if (rows.length < PAGE) break;
  }
  const fault = isMarkSeen || !mark ? null : { id: mark.id, kind: 'notTheMark' as const };
  return { entries, head, fault };
}

/** The newest entry of the chain. */
export function chainHead(database: StateDatabase): ChainMark | null {
  const [row] = database.all('SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1');
  return row ? { id: Number(row.id), hash: String(row.hash) } : null;
}

/** `1234:9f86d0…`; undefined for anything else. */
export function markOf(text: string): ChainMark | undefined {
  const [, id, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  return id === undefined || hash === undefined ? undefined : { id: Number(id), hash };
}

function faultOf(entry: LinkedEntry, hash: string, head: ChainMark | null): ChainFault | undefined {
  if (entry.id !== (head?.id ?? 0) + 1) return 'missing';
  if (entry.previous !== (head?.hash ?? CHAIN_START)) return 'unlinked';
  return auditHash(entry) === hash ? undefined : 'changed';
}

function linkedOf(row: SqlRow): LinkedEntry {
  return {
    id: Number(row.id),
    atMs: Number(row.at_ms),
    account: String(row.account),
    action: String(row.action),
    subject: String(row.subject),
    details: String(row.details),
    previous: String(row.previous),
  };
}
