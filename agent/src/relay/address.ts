/** Between the workstation's id and the boot's; neither holds it. */
const SEPARATOR = ':';

/**
 * Whose boot it is. A boot id alone is not enough where several workstations share a line: one that
 * lies about its own must not free what belongs to another.
 */
export function addressOf(agentId: string, bootId: string): string {
  return `${agentId}${SEPARATOR}${bootId}`;
}

/** The two parts of an address. */
export function partsOf(address: string): { readonly agentId: string; readonly bootId: string } {
  const [agentId = '', bootId = ''] = address.split(SEPARATOR);
  return { agentId, bootId };
}
