import {
  EM_CAPABILITY,
  INCIDENTS_CAPABILITY,
  RELAY_CAPABILITY,
  slotKinds,
} from '@ppe-pulse/protocol';
import { UPDATE_CAPABILITY } from '@ppe-pulse/protocol/update';

/** What this agent can do beside heartbeats; the collector offers nothing else. */
export function capabilitiesOf(has: { readonly relay: boolean; readonly updates: boolean }) {
  return [
    ...slotKinds,
    EM_CAPABILITY,
    ...(has.relay ? [RELAY_CAPABILITY, INCIDENTS_CAPABILITY] : []),
    ...(has.updates ? [UPDATE_CAPABILITY] : []),
  ];
}
