import { filled, incidentTexts, type Language } from '@ppe-pulse/protocol/texts';
import type { AlertEvent } from '../alert.ts';
import type { WebhookWithSecrets } from '../webhook.ts';
import type { FormatContext } from './format.ts';
import { messageOf } from './message.ts';
import { renderTemplate, type TemplateFault } from './template.ts';
import { templateVariables } from './template-variables.ts';

/** A message with the format's escape over everything that is not the receiver's own template. */
export interface MessageText {
  /** The first line: what happened. */
  readonly headline: string;
  /** The lines below it; empty for a template of one line. */
  readonly rest: string;
  /** The receiver's own text: it may use the markup of its format. */
  readonly isOwn: boolean;
}

/** The text of an event: by the receiver's template, else the format's own. */
export function messageText(
  event: AlertEvent,
  webhook: Pick<WebhookWithSecrets, 'language' | 'template'>,
  context: FormatContext,
  escape: (text: string) => string,
): MessageText {
  const { language, template } = webhook;
  const message = messageOf(event, language, context);
  const own = [message.headline, ...message.lines];
  if (template === null) return split(own.map(escape), false);
  const values = templateVariables(event, message, { language, context });
  const rendered = renderTemplate(template, values, escape);
  if (rendered.kind === 'text' && rendered.text.trim() !== '')
    return split(rendered.text.trim().split(/\r\n?|\n/), true);
  // An alert that is told plainly is worth more than one that is not told; the drill shows the note.
  const problem =
    rendered.kind === 'fault'
      ? faultText(rendered.fault, language)
      : incidentTexts(language).template.empty;
  const note = filled(incidentTexts(language).message.templateFailed, { problem });
  return split([...own, note].map(escape), false);
}

/** What is wrong with a template, in words: «строка 3: нет переменной tilte». */
export function faultText(fault: TemplateFault, language: Language): string {
  const words = incidentTexts(language).template;
  const problem = filled(words[fault.kind], { found: fault.found });
  return fault.line === null
    ? problem
    : filled(words.atLine, { line: String(fault.line), problem });
}

function split(lines: readonly string[], isOwn: boolean): MessageText {
  const [headline = '', ...rest] = lines;
  return { headline, rest: rest.join('\n').trim(), isOwn };
}
