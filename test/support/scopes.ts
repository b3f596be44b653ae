import type { ScopeSources } from '../../server/src/api/authorize.ts';
import { wholeRegion } from '../../server/src/access/scope.ts';

/** For an API that only people of the whole region ask. */
export const regionScopes: ScopeSources = {
  scopeOf: () => wholeRegion,
  siteOfWorkstation: () => undefined,
  incident: () => undefined,
};
