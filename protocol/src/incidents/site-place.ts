/** Where a site stands in the tree, by the registry. */
export interface SitePlace {
  /** Slug. */
  readonly municipality: string | null;
  /** As the registry names it; null where nobody said. */
  readonly provider: string | null;
}
