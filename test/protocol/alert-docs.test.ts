import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertRules, checks, defaultThresholds, printerConditions } from '@ppe-pulse/protocol';
import { documentedKinds, explainedFor, problemsOf, renderAlertDocs } from './alert-docs.ts';
import { factsCases } from './facts-cases.ts';

const path = join(import.meta.dirname, '../../docs/alerts.md');
if (process.env['UPDATE_DOCS'] === '1')
  writeFileSync(path, renderAlertDocs(readFileSync(path, 'utf8')));
const page = readFileSync(path, 'utf8');

describe('docs/alerts.md', () => {
  it('explains every rule and every fault in both languages, and nothing that is not there', () => {
    expect(problemsOf(page)).toEqual([]);
  });

  it('has a heading for every rule that opens incidents', () => {
    const kinds = alertRules.map(({ kind }) => kind);
    expect(kinds.filter((kind) => !documentedKinds.includes(kind))).toEqual([]);
  });

  it('says of rules, names, reasons and advice what the code says (UPDATE_DOCS=1 rewrites it)', () => {
    expect(page).toBe(renderAlertDocs(page));
  });

  it('lists what a check says of facts under the check that says it', () => {
    const missing = factsCases
      .map(({ id, reason }) => ({ kind: id.replace('.1.', '.'), reason }))
      .filter(({ kind, reason }) => reason !== 'ok' && !explainedFor(page, kind).has(reason));
    expect(missing).toEqual([]);
    const ofPrinter = explainedFor(page, 'printer.state');
    expect(printerConditions.filter((each) => !ofPrinter.has(each))).toEqual([]);
  });

  it('lists what a check says of numbers, however good or bad they are', () => {
    const extremes = Array.from({ length: 61 }, (_, at) => 10 ** (at / 3 - 4));
    for (const { id, judge, metrics } of checks) {
      const said = new Set(
        [0, ...extremes].map(
          (value) =>
            judge(
              metrics.map(() => value),
              defaultThresholds,
            ).reason,
        ),
      );
      const listed = explainedFor(page, id);
      expect([id, said.size > 1]).toEqual([id, true]);
      expect([id, [...said].filter((each) => each !== 'ok' && !listed.has(each))]).toEqual([
        id,
        [],
      ]);
    }
  });
});

describe('the look at docs/alerts.md', () => {
  const [jam = ''] = /\n- `jam`.*\n/.exec(page) ?? [];

  it('misses a rule, a language, a part and a reason that were taken out', () => {
    expect(problemsOf(page.replace('## `net.loss`', '## `net.lost`'))).toEqual([
      'no heading: net.loss',
      'no rule: net.lost',
    ]);
    expect(problemsOf(page.replace(jam, '\n'))).toEqual([
      'printer.state: other reasons in English than in Russian',
      'ru: nobody explains jam',
    ]);
    expect(problemsOf(page.replace('**Когда врёт.** ', ''))).toEqual([
      'heartbeat: ru says nothing after **Когда врёт.**',
    ]);
    expect(problemsOf(page.replaceAll('### English', '### Englisch')).length).toBeGreaterThan(30);
    expect(problemsOf(`${page}\n## \`clone\`\n`)).toContain('twice: clone');
  });

  it('sees a number and a text that the code does not say', () => {
    const [row = ''] = /\| `clone` .*\|/.exec(page) ?? [];
    const other = page.replace(row, row.replace('0 s', '9 s'));
    expect(other).not.toBe(page);
    expect(renderAlertDocs(other)).toBe(page);
    expect(renderAlertDocs(page.replace(jam, '\n- `jam`: all is well.\n'))).toBe(page);
  });
});
