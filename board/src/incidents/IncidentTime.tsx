import type { ReactNode } from 'react';
import { IncidentClockContext, useIncidentClock } from './use-incident-clock.ts';

/** Gives its children the time. They are not rendered for it; only what tells an age renews itself. */
export function IncidentTime({ children }: { readonly children: ReactNode }) {
  const clock = useIncidentClock();
  return <IncidentClockContext.Provider value={clock}>{children}</IncidentClockContext.Provider>;
}
