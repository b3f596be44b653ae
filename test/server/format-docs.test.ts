import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { alertKinds } from '../../server/src/alerts/alert.ts';
import { formats } from '../../server/src/alerts/formats/catalogue.ts';
import { checkTemplate } from '../../server/src/alerts/formats/check-template.ts';
import { AlertEventSchema } from '../../server/src/alerts/formats/json/event-schema.ts';
import { signatureHeaders } from '../../server/src/alerts/transport/sign.ts';
import { tempDir } from '../support/temp-dir.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');

/** The first block of a language in the document. */
function block(language: string): string {
  return new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(text)?.[1] ?? '';
}

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const atMs = Date.parse('2024-05-15T09:20:00+07:00');
const body = '{"title":"Провайдер «Связь-1»"}';
const id = 'evt_AAAAAAAAAAAAAAAAAAAAAA';
const headers: Readonly<Record<string, string>> = {
  'webhook-id': id,
  ...signatureHeaders(secret, { id, atMs, body }),
};

interface Letter {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secret: string;
  readonly nowMs: number;
}

const good: Letter = { headers, body, secret, nowMs: atMs + 60_000 };
const letters: readonly (readonly [string, Letter, boolean])[] = [
  ['a good one', good, true],
  ['another body', { ...good, body: `${body} ` }, false],
  ['another id', { ...good, headers: { ...headers, 'webhook-id': 'evt_B' } }, false],
  ['an old one', { ...good, nowMs: atMs + 600_000 }, false],
  ['one of tomorrow', { ...good, nowMs: atMs - 600_000 }, false],
  ['another secret', { ...good, secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }, false],
  ['none of the headers', { ...good, headers: {} }, false],
  ['a time that is none', { ...good, headers: { ...headers, 'webhook-timestamp': 'x' } }, false],
];

describe('examples of docs/webhooks.md', () => {
  it('check a signature in Node', async () => {
    const path = join(tempDir(), 'receiver.mjs');
    writeFileSync(path, block('js'));
    const { isFromPulse } = (await import(pathToFileURL(path).href)) as {
      isFromPulse: (...letter: readonly unknown[]) => boolean;
    };
    for (const [name, letter, isGood] of letters)
      expect([name, isFromPulse(letter.headers, letter.body, letter.secret, letter.nowMs)]).toEqual(
        [name, isGood],
      );
  });

  it.runIf(existsSync('/usr/bin/python3'))('check a signature in Python', () => {
    const script = `${block('python')}
import json, sys
for each in json.load(sys.stdin):
    print(is_from_pulse(each["headers"], each["body"].encode(), each["secret"], each["nowMs"] / 1000))
`;
    const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', script], {
      input: JSON.stringify(letters.map(([, letter]) => letter)),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(
      letters.map(([, , isGood]) => (isGood ? 'True' : 'False')),
    );
  });

  it('show an event as the schema has it', () => {
    const example: unknown = JSON.parse(block('json'));
    expect([...Compile(AlertEventSchema).Errors(example)]).toEqual([]);
    expect(Object.keys(example as object)).toEqual(Object.keys(AlertEventSchema.properties));
  });

  it('have a template that works', () => {
    expect(checkTemplate(block('liquid'), 'en')).toBeUndefined();
  });

  it('name every format, every setting and every kind', () => {
    for (const { id: format, fields } of formats) {
      const row = new RegExp(`^\\| \`${format}\` .*$`, 'm').exec(text)?.[0] ?? '';
      for (const { name } of fields)
        expect([format, row]).toEqual([format, expect.stringContaining(`\`${name}\``)]);
    }
    for (const kind of alertKinds) expect(text).toMatch(new RegExp(`^\\| \`${kind}\` `, 'm'));
  });
});
