/** A municipality: its ППЭ, stages and incidents. */
export function MunicipalityPage(_: { readonly slug: string }) {
  return null;
}
