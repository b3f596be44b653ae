import type { LookupFunction } from 'node:net';
import type { ResolvedAddress } from './host-resolver.ts';

/** An address of several gets this long; Node's quarter of a second is too short for a satellite. */
const ADDRESS_WITHIN_MS = 2_000;

/**
 * Options of a connection that goes to what was judged, whatever the name stands for by now. The name
 * itself stays, for TLS and for the receiver.
 */
export function pinnedTo(addresses: readonly ResolvedAddress[]): {
  readonly lookup: LookupFunction;
  readonly autoSelectFamilyAttemptTimeout: number;
} {
  return {
    autoSelectFamilyAttemptTimeout: ADDRESS_WITHIN_MS,
    lookup: (_name, options, callback) => {
      const first = addresses[0];
      if (options.all === true) callback(null, [...addresses]);
      else callback(null, first?.address ?? '', first?.family);
    },
  };
}
