import type { Scope } from '../access/scope.ts';
import { parseNode } from './node-grammar.ts';

/** True for a part of the tree that has to do with what somebody may see: it, or what it is in. */
export function isNodeInScope(
  node: string,
  scope: Scope,
  siteOf: (workstationId: string) => string | undefined,
): boolean {
  if (scope.isWhole || node === 'region') return true;
  const named = parseNode(node);
  switch (named?.kind) {
    case 'municipality':
      return scope.hasMunicipality(named.slug);
    case 'provider':
      return scope.hasProvider(named.name);
    case 'site':
      return scope.hasSite(named.siteCode);
    case 'station':
      return scope.hasSite(siteOf(named.workstationId) ?? '');
    case 'root':
    case undefined:
      return false;
  }
}
