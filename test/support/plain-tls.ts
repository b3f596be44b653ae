import { tlsOptions } from '../../agent/src/link/trust.ts';

/** How a listener without TLS is known: by nothing of its connection. */
const nothing = { caPem: undefined, pins: [], relayOf: undefined, systemRoots: false } as const;
export const plainTls = tlsOptions(nothing);
