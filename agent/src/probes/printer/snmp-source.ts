import type { Session, Varbind } from 'net-snmp';
import { dialHost } from '../../platform/resolve-localhost.ts';
import {
  snmpColumns,
  snmpObjects,
  snmpSighting,
  type SnmpColumn,
  type SnmpObject,
  type SnmpValue,
} from './snmp-printer.ts';
import type { SourceLook } from './sighting.ts';

/** Where a printer's SNMP agent is. */
export interface SnmpTarget {
  readonly host: string;
  readonly port: number;
  readonly community: string;
}

const TIMEOUT_MS = 1_000;
const RETRIES = 1;
/** Rows of a column that are read: printers have a handful of trays and supplies. */
const MAX_ROWS = 24;
/** Columns take a question a row, and toner and paper go slowly: the device's processor is small. */
const COLUMNS_EVERY_MS = 15_000;

/**
 * Looks at a network printer over SNMP v2c (v1 rejects a whole GET for one missing object). A wrong
 * community and a printer that is off look alike: both are `noAnswer`.
 */
export class SnmpSource {
  readonly #target: SnmpTarget;
  #session: Session | undefined;
  #columns: { readonly values: Columns; readonly atMs: number } | undefined;

  constructor(target: SnmpTarget) {
    this.#target = target;
  }

  async look(nowMs: number): Promise<SourceLook> {
    try {
      const session = (this.#session ??= await openSession(this.#target, () => this.close()));
      const names = Object.keys(snmpObjects) as SnmpObject[];
      const values = await get(session, Object.values(snmpObjects));
      const objects = Object.fromEntries(names.map((name, at) => [name, values[at]]));
      const sighting = snmpSighting({
        objects: objects as Record<SnmpObject, SnmpValue>,
        columns: await this.#columnsAt(session, nowMs),
      });
      return { kind: 'seen', sighting };
    } catch (error) {
      const isTimeout = error instanceof Error && error.name === 'RequestTimedOutError';
      return { kind: 'failed', source: 'snmp', reason: isTimeout ? 'noAnswer' : 'badAnswer' };
    }
  }

  async #columnsAt(session: Session, nowMs: number): Promise<Columns> {
    const kept = this.#columns;
    if (kept && nowMs - kept.atMs < COLUMNS_EVERY_MS) return kept.values;
    const columns: Partial<Record<SnmpColumn, readonly number[]>> = {};
    for (const name of Object.keys(snmpColumns) as SnmpColumn[])
      columns[name] = await column(session, snmpColumns[name]);
    const values = columns as Columns;
    this.#columns = { values, atMs: nowMs };
    return values;
  }

  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }
}

type Columns = Readonly<Record<SnmpColumn, readonly number[]>>;

/** The library is loaded when a printer asks for it: it costs 2 MB. */
async function openSession(target: SnmpTarget, onError: () => void): Promise<Session> {
  const { default: snmp } = await import('net-snmp');
  const session = snmp.createSession(dialHost(target.host), target.community, {
    port: target.port,
    version: snmp.Version2c,
    timeout: TIMEOUT_MS,
    retries: RETRIES,
    backoff: 1,
  });
  // A malformed datagram is an event of the session, not an answer to a request.
  session.on('error', onError);
  return session;
}

function get(session: Session, oids: string[]): Promise<SnmpValue[]> {
  return new Promise((resolve, reject) => {
    session.get(oids, (error, varbinds) => {
      if (error) reject(error);
      else resolve((varbinds ?? []).map(valueOf));
    });
  });
}

/** Integers of one column; stops after `MAX_ROWS`, also when the device would go on for ever. */
async function column(session: Session, oid: string): Promise<readonly number[]> {
  const found: number[] = [];
  let at = oid;
  while (found.length < MAX_ROWS) {
    const next = await getNext(session, at);
    // An agent that does not move forward would be asked for ever.
    if (!next || !next.oid.startsWith(`${oid}.`) || next.oid === at) return found;
    const value = valueOf(next);
    if (typeof value === 'number') found.push(value);
    at = next.oid;
  }
  return found;
}

function getNext(session: Session, oid: string): Promise<Varbind | undefined> {
  return new Promise((resolve, reject) => {
    session.getNext([oid], (error, varbinds) => {
      if (error) reject(error);
      else resolve(varbinds?.[0]);
    });
  });
}

/** Types 128–130 are «no such object», «no such instance» and «end of the view» (RFC 3416). */
function valueOf({ type, value }: Varbind): SnmpValue {
  const number: number = type ?? 0;
  if (number >= 128) return undefined;
  return typeof value === 'number' || Buffer.isBuffer(value) ? value : undefined;
}
