import { incidentTexts, incidentTitle, type Language } from '@ppe-pulse/protocol/texts';
import type { AlertEvent } from '../../alert.ts';
import type { FormatContext } from '../format.ts';
import { isDrill, marksOf, messageOf } from '../message.ts';
import { cut, oneLine } from '../plain.ts';

/** Mail programs show some sixty characters, and no server takes lines without an end. */
const MAX_LENGTH = 180;

/** «[УЧЕБНАЯ] КРИТИЧНО: Провайдер «Связь-1»: нет сигнала (открыт)»: one line, whatever names hold. */
export function subjectOf(event: AlertEvent, language: Language, context: FormatContext): string {
  const { alertKinds, marks, severities } = incidentTexts(language);
  const isSimulated = marksOf(event, language).includes(marks.simulated);
  const front = [
    ...(isDrill(event) ? [`[${marks.drill}]`] : []),
    ...(isSimulated ? [`[${marks.simulated}]`] : []),
  ];
  const { incident } = event;
  if (event.kind === 'digest') {
    const { headline } = messageOf(event, language, context);
    const unmarked = headline.split(' · ').slice(marksOf(event, language).length).join(' · ');
    return cut(oneLine([...front, unmarked].join(' ')), MAX_LENGTH);
  }
  const severity = severities[incident.severity].toUpperCase();
  const title = cut(incidentTitle(incident, language, context.names), MAX_LENGTH - 60);
  const subject = `${severity}: ${title} (${alertKinds[event.kind] ?? event.kind})`;
  return cut(oneLine([...front, subject].join(' ')), MAX_LENGTH);
}
