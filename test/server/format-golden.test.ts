import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AlertEvent } from '../../server/src/alerts/alert.ts';
import type { Outgoing } from '../../server/src/alerts/delivery.ts';
import { formatOf } from '../../server/src/alerts/formats/catalogue.ts';
import { webhookFormats } from '../../server/src/alerts/webhook.ts';
import {
  alertContext,
  alertEvent,
  alertsFromMs,
  alertWebhook,
  cutProvider,
  jammedPrinter,
} from '../support/alert-samples.ts';

const warning = jammedPrinter({ severity: 'warning', kind: 'printer.paper', reason: 'lowPaper' });
const events: readonly (readonly ['ru' | 'en', AlertEvent])[] = [
  ['ru', alertEvent('opened')],
  ['en', alertEvent('opened', jammedPrinter({ isSimulated: true }))],
  ['ru', alertEvent('raised', jammedPrinter())],
  [
    'en',
    alertEvent(
      'resolved',
      cutProvider({ resolvedAtMs: alertsFromMs + 360_000, resolution: 'healed', children: 0 }),
    ),
  ],
  ['ru', alertEvent('digest', warning, { digest: [warning] })],
  ['en', alertEvent('drill')],
];

describe('what goes over the wire', () => {
  it.each(webhookFormats)('is the same as ever as %s', (format) => {
    const made = events.map(([language, event]) => ({
      kind: event.kind,
      language,
      request: readable(
        formatOf(format).make(event, alertWebhook(format, { language }), alertContext),
      ),
    }));
    const path = join(import.meta.dirname, '../fixtures/alerts', `${format}.json`);
    // Receivers read this: what changes here on purpose is said in docs/webhooks.md too.
    if (process.env.UPDATE_GOLDEN === 'true') writeFileSync(path, JSON.stringify(made, null, 2));
    expect(made).toEqual(JSON.parse(readFileSync(path, 'utf8')));
  });
});

/** With the body as a document: a difference in it is to be seen. */
function readable(outgoing: Outgoing): object {
  return outgoing.kind === 'mail' ? outgoing : { ...outgoing, body: JSON.parse(outgoing.body) };
}
