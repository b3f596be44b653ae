/** The registry: read, imported with a difference, its templates. */
export function RegistryPage() {
  return null;
}
