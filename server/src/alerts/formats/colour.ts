import { closingKinds, type AlertEvent } from '../alert.ts';
import { isDrill } from './message.ts';

/** Colour beside a message: by severity, green for what is over, grey for what has not happened. */
export function colourOf(event: AlertEvent): string {
  if (isDrill(event)) return '#78909c';
  if (closingKinds.has(event.kind)) return '#2e7d32';
  return event.incident.severity === 'critical' ? '#c62828' : '#f9a825';
}
