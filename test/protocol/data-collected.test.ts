import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromAgent, metrics, reasons } from '@ppe-pulse/protocol';
import { PartHead } from '../../protocol/src/carry/part-head.ts';
import { EnrolmentRequestSchema } from '@ppe-pulse/protocol/enrolment';
import { domainTexts } from '@ppe-pulse/protocol/texts';
import { fieldsOf } from '../support/schema-fields.ts';

const document = readFileSync(
  join(import.meta.dirname, '..', '..', 'docs', 'data-collected.md'),
  'utf8',
);

/** First column of the table under a heading. */
function listed(heading: string): string[] {
  const from = document.indexOf(`## ${heading}\n`);
  const end = document.indexOf('\n## ', from + 1);
  const section = document.slice(from, end < 0 ? undefined : end);
  return [...section.matchAll(/^\| `([^`]+)`\s+\|/gm)].map(([, field]) => field ?? '').sort();
}

function fields(...schemas: readonly object[]): string[] {
  return [...new Set(schemas.flatMap((schema) => fieldsOf(schema)))].sort();
}

const { hello, member, proof, heartbeat, ...others } = fromAgent;
/** What is told by the judges themselves; `value` is the reading. */
const evidenceKeys = ['value', ...Object.keys(domainTexts('ru').evidence)].sort();

describe('docs/data-collected.md lists every field that leaves a workstation', () => {
  it.each([
    ['Кто это и какой у него ПК', fields(hello, member, proof)],
    ['Сигнал', fields(heartbeat)],
    ['Служебное', fields(...Object.values(others))],
    ['На флешке', fields(PartHead)],
    ['При регистрации', fields(EnrolmentRequestSchema)],
    ['Основания проверок', evidenceKeys],
  ])('under «%s»', (heading, expected) => {
    expect(listed(heading)).toEqual(expected);
  });

  it('and a field that is new to a schema would be missed there', () => {
    const fresh = { properties: { ...heartbeat.properties, owner: { type: 'string' } } };
    expect(listed('Сигнал')).not.toEqual(fields(fresh));
    const deep = { properties: { list: { items: { anyOf: [{ properties: { owner: {} } }] } } } };
    expect(fieldsOf(deep)).toEqual(['list[].owner']);
  });
});

/** Words of what is never collected, in names of fields. */
const forbidden: ReadonlySet<string> = new Set(
  (
    'title user login account person owner author name surname email phone file filename path folder ' +
    'directory document hostname mac ip address serial url uri content contents text clipboard window ' +
    'screenshot keystroke password secret key cookie history process command body payload'
  ).split(' '),
);
/** Forbidden words that mean something else there. */
const allowed: ReadonlySet<string> = new Set([
  // Names of a system, of a key's public half and of a signed package.
  'inventory.osName',
  'publicKey',
  // A random number of an enrolment file: ours, and of no document.
  'fileId',
  // A picture that needs no other one to be decoded.
  'camera.keyFrame.ms',
]);

function wordsOf(field: string): string[] {
  return field
    .split(/[.[\]*]+/)
    .flatMap((part) => part.split(/(?=[A-Z])/))
    .map((word) => word.toLowerCase());
}

describe('no field is named after what is never collected', () => {
  it.each([
    ['messages', fields(...Object.values(fromAgent), PartHead, EnrolmentRequestSchema)],
    ['metrics', metrics.map(({ id }) => id)],
    ['evidence', evidenceKeys],
    ['reasons', [...reasons]],
  ])('%s', (_, names) => {
    const named = names.filter(
      (name) => !allowed.has(name) && wordsOf(name).some((word) => forbidden.has(word)),
    );
    expect(named).toEqual([]);
  });

  it('and one that were would be found', () => {
    expect(['jobTitle', 'inventory.userName', 'printer.file.count'].map(wordsOf)).toEqual([
      ['job', 'title'],
      ['inventory', 'user', 'name'],
      ['printer', 'file', 'count'],
    ]);
  });
});
