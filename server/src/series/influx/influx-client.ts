import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { InfluxDB, type IPoint } from 'influx';

/** Where the server is and how to sign in. */
export interface InfluxAddress {
  readonly url: string;
  readonly database: string;
  readonly username: string;
  readonly password: string;
}

/** One point of a measurement. Tags and fields are our own names; text never gets in. */
export interface InfluxPoint {
  readonly measurement: string;
  readonly workstation: string;
  /** Number of the device in measurements of devices. */
  readonly device?: number;
  readonly fields: Readonly<Record<string, number>>;
  /** Microseconds since 1970 UTC: room for heartbeats of the same millisecond. */
  readonly atMicros: number;
}

/** What became of a write. */
export type WriteOutcome =
  | { readonly kind: 'written' }
  /** The server understood and refuses: the same points will never be taken. */
  | { readonly kind: 'poison'; readonly reason: string }
  /** Down, slow, overloaded: the same points may be sent again. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Who answers at the address. */
export type InfluxGreeting =
  | { readonly kind: 'influx'; readonly version: string }
  | { readonly kind: 'foreign'; readonly detail: string }
  | { readonly kind: 'nobody'; readonly detail: string };

/** A row of an answer: `time` is a date, the rest numbers or null. */
export type InfluxRow = Readonly<Record<string, unknown>>;

/** InfluxDB 1.x over HTTP. The only place that knows the library. */
export interface InfluxClient {
  greet(): Promise<InfluxGreeting>;
  /** Creates database and retention policies; safe to repeat. Rejects when the server does not. */
  prepare(retention: { readonly rawDays: number; readonly minuteDays: number }): Promise<void>;
  write(points: readonly InfluxPoint[]): Promise<WriteOutcome>;
  ask(query: string): Promise<readonly InfluxRow[]>;
}

export const RAW_POLICY = 'raw';
export const MINUTE_POLICY = 'minute';

const WRITE_DEADLINE_MS = 10_000;
const GREETING_DEADLINE_MS = 3_000;
/** A month of one metric over a region takes the server this long at most. */
const QUERY_DEADLINE_MS = 30_000;

/** What the library gets beyond its own timeout before it is given up. */
const GRACE_MS = 1_000;

/** A client; connects to nothing by itself. */
export function createInfluxClient(address: InfluxAddress): InfluxClient {
  const { hostname, port, protocol } = new URL(address.url);
  const host = {
    host: hostname,
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    protocol: protocol === 'https:' ? ('https' as const) : ('http' as const),
  };
  const signIn = {
    database: address.database,
    ...(address.username === '' ? {} : { username: address.username, password: address.password }),
  };
  const pool = (requestTimeout: number) => ({
    ...host,
    ...signIn,
    pool: { requestTimeout, maxRetries: 0 },
  });
  const writes = new InfluxDB(pool(WRITE_DEADLINE_MS));
  const queries = new InfluxDB(pool(QUERY_DEADLINE_MS));
  return {
    greet: () => greet(address.url),
    prepare: async ({ rawDays, minuteDays }) => {
      const all = async (): Promise<void> => {
        await queries.createDatabase(address.database);
        await keepPolicy(queries, RAW_POLICY, rawDays, true);
        await keepPolicy(queries, MINUTE_POLICY, minuteDays, false);
      };
      await within(QUERY_DEADLINE_MS + GRACE_MS, all());
    },
    write: async (points) => {
      try {
        const written = writes.writePoints(points.map(pointOf), {
          precision: 'u',
          retentionPolicy: RAW_POLICY,
        });
        await within(WRITE_DEADLINE_MS + GRACE_MS, written);
        return { kind: 'written' };
      } catch (error) {
        const reason = error instanceof Error ? error.message.slice(0, 300) : String(error);
        return { kind: statusOf(error) === 400 ? 'poison' : 'unreachable', reason };
      }
    },
    ask: async (query) => [
      ...(await within(QUERY_DEADLINE_MS + GRACE_MS, queries.query<InfluxRow>(query))),
    ],
  };
}

/**
 * The library settles nothing when a server dies between the head and the end of its answer; the buffer
 * would wait for ever, and so would a stop.
 */
async function within<T>(ms: number, asked: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no whole answer in ${ms / 1_000} s`)), ms);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function keepPolicy(
  server: InfluxDB,
  name: string,
  days: number,
  isDefault: boolean,
): Promise<void> {
  const existing = await server.showRetentionPolicies();
  const options = { duration: `${days}d`, replication: 1, isDefault };
  if (existing.some((policy) => policy.name === name))
    await server.alterRetentionPolicy(name, options);
  else await server.createRetentionPolicy(name, options);
}

function pointOf(point: InfluxPoint): IPoint {
  return {
    measurement: point.measurement,
    tags: {
      workstation: point.workstation,
      ...(point.device === undefined ? {} : { device: String(point.device) }),
    },
    fields: point.fields,
    timestamp: point.atMicros,
  };
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('res' in error)) return undefined;
  const { res } = error;
  if (typeof res !== 'object' || res === null || !('statusCode' in res)) return undefined;
  return typeof res.statusCode === 'number' ? res.statusCode : undefined;
}

/** The library's own ping throws on its result, so it is asked for by hand. */
function greet(url: string): Promise<InfluxGreeting> {
  const target = new URL('/ping', url);
  const send = target.protocol === 'https:' ? requestTls : request;
  return new Promise((resolve) => {
    const asked = send(target, { timeout: GREETING_DEADLINE_MS }, (response) => {
      response.resume();
      const version = response.headers['x-influxdb-version'];
      resolve(
        typeof version === 'string'
          ? { kind: 'influx', version }
          : {
              kind: 'foreign',
              detail: `HTTP ${response.statusCode ?? 0} without X-Influxdb-Version`,
            },
      );
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer in 3 s')));
    asked.on('error', (error) => resolve({ kind: 'nobody', detail: error.message }));
    asked.end();
  });
}
