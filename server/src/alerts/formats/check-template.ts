import { incidentTexts, type Language } from '@ppe-pulse/protocol/texts';
import type { FormatContext } from './format.ts';
import { messageOf } from './message.ts';
import { faultText } from './message-text.ts';
import { renderTemplate } from './template.ts';
import { templateVariables } from './template-variables.ts';
import { sampleEvents } from './sample-events.ts';

/**
 * Tries a template with an event of every kind; undefined for one that works, else what is wrong and in
 * which line.
 */
export function checkTemplate(template: string, language: Language): string | undefined {
  const context: FormatContext = { boardUrl: 'https://example.org', collectorVersion: '0.0.0' };
  for (const event of sampleEvents()) {
    const message = messageOf(event, language, context);
    const values = templateVariables(event, message, { language, context });
    const rendered = renderTemplate(template, values, (text) => text);
    if (rendered.kind === 'fault') return faultText(rendered.fault, language);
    if (rendered.text.trim() === '') return incidentTexts(language).template.empty;
  }
  return undefined;
}
