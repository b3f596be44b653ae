import type { View } from './rotation.ts';

/** Brings the parts of a view before it is turned to, so that no turn waits for the network. */
export async function preloadView({ kind }: View): Promise<void> {
  switch (kind) {
    case 'wall':
    case 'onlyProblems':
    case 'hall':
      return;
    case 'country':
      await import('../country/CountryView.tsx');
      return;
    case 'incidents':
      await import('../incidents/IncidentsPage.tsx');
      return;
    case 'rehearsal':
      await import('../rehearsal/RehearsalPage.tsx');
      return;
    case 'municipality':
      await import('../municipality/MunicipalityPage.tsx');
  }
}
