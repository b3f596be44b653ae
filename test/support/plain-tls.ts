import { tlsOptions } from '../../agent/src/link/trust.ts';

/** How a listener without TLS is known: by nothing of its connection. */
export const plainTls = tlsOptions({ caPem: undefined, pins: [], relayOf: undefined });
