/** Thousands of sites on one canvas. */
export function CountryView() {
  return null;
}
