import { compareVersions } from '@ppe-pulse/protocol/update';

/** How what an agent runs stands to a version: below zero for older, above for newer. */
export type VersionOrder = (running: string) => number;

/** Compares with one version. A fleet of 70,000 runs a handful: each of them is read once. */
export function versionOrder(version: string): VersionOrder {
  const known = new Map<string, number>();
  return (running) => {
    const found = known.get(running);
    if (found !== undefined) return found;
    const order = compareVersions(running, version);
    known.set(running, order);
    return order;
  };
}
