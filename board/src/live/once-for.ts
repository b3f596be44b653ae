import type { LiveWorkstation } from '@ppe-pulse/protocol';

/**
 * What is derived of a part of the picture, once for each: a part that has not changed is the same object.
 * `derive` must be pure.
 */
export function onceFor<Part extends object, T extends object | string | number | boolean>(
  derive: (part: Part) => T,
): (part: Part) => T {
  const known = new WeakMap<Part, T>();
  return (part) => {
    const kept = known.get(part);
    if (kept !== undefined) return kept;
    const derived = derive(part);
    known.set(part, derived);
    return derived;
  };
}

/** The same of a site's workstations: of a new picture only the lists of changed sites are other objects. */
export function perSite<T extends object | string | number | boolean>(
  derive: (workstations: readonly LiveWorkstation[]) => T,
): (workstations: readonly LiveWorkstation[]) => T {
  return onceFor(derive);
}
