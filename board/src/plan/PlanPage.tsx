/** The plan of the rehearsal: read, edited, its versions. */
export function PlanPage() {
  return null;
}
