/** Every agent: version, journal, plan, when it was heard. */
export function AgentsPage() {
  return null;
}
