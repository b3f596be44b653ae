import type { LiveWorkstation } from '@ppe-pulse/protocol';

type Workstations = readonly LiveWorkstation[];

/**
 * What is derived of a site's workstations, once for each list of them: of a new picture only the lists
 * of changed sites are other objects. `derive` must be pure.
 */
export function perSite<T extends object | string | number | boolean>(
  derive: (workstations: Workstations) => T,
): (workstations: Workstations) => T {
  const known = new WeakMap<Workstations, T>();
  return (workstations) => {
    const kept = known.get(workstations);
    if (kept !== undefined) return kept;
    const derived = derive(workstations);
    known.set(workstations, derived);
    return derived;
  };
}
