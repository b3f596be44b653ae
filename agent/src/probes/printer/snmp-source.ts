import type { SnmpSession, SnmpTarget } from './snmp-session.ts';
import { SnmpError, type SnmpValue } from './snmp-message.ts';
import {
  snmpColumns,
  snmpObjects,
  snmpSighting,
  type SnmpColumn,
  type SnmpObject,
} from './snmp-printer.ts';
import type { SourceLook } from './sighting.ts';

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
  #session: SnmpSession | undefined;
  #columns: { readonly values: Columns; readonly atMs: number } | undefined;

  constructor(target: SnmpTarget) {
    this.#target = target;
  }

  async look(nowMs: number): Promise<SourceLook> {
    try {
      const session = await this.#open();
      const names = Object.keys(snmpObjects) as SnmpObject[];
      const values = (await session.ask('get', Object.values(snmpObjects))).map(
        ({ value }) => value,
      );
      const objects = Object.fromEntries(names.map((name, at) => [name, values[at]]));
      const sighting = snmpSighting({
        objects: objects as Record<SnmpObject, SnmpValue>,
        columns: await this.#columnsAt(session, nowMs),
      });
      return { kind: 'seen', sighting };
    } catch (error) {
      if (!(error instanceof SnmpError)) throw error;
      return { kind: 'failed', source: 'snmp', reason: error.reason };
    }
  }

  /** Loaded when a printer is asked this way. A session that broke is followed by another one. */
  async #open(): Promise<SnmpSession> {
    const { SnmpSession: Session } = await import('./snmp-session.ts');
    if (!this.#session || this.#session.isClosed) this.#session = new Session(this.#target);
    return this.#session;
  }

  async #columnsAt(session: SnmpSession, nowMs: number): Promise<Columns> {
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

/** Integers of one column; stops after `MAX_ROWS`, also when the device would go on for ever. */
async function column(session: SnmpSession, oid: string): Promise<readonly number[]> {
  const found: number[] = [];
  let at = oid;
  while (found.length < MAX_ROWS) {
    const [next] = await session.ask('getNext', [at]);
    // An agent that does not move forward would be asked for ever.
    if (!next || !next.oid.startsWith(`${oid}.`) || next.oid === at) return found;
    if (typeof next.value === 'number') found.push(next.value);
    at = next.oid;
  }
  return found;
}
