import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rolloutRefusals } from '../../board/src/agents/rollout-refusals.ts';
import { refusals } from '../../board/src/incidents/refusals.ts';

const folder = join(import.meta.dirname, '..', '..', 'server', 'src', 'updates');
/** How the collector's source writes a token of a refusal. */
const writings = [
  /new RefusedUpdate\(\s*'([a-zA-Z]+)'/g,
  /return '([a-zA-Z]+)';/g,
  /\? '([a-zA-Z]+)'/g,
  /^ {2}([a-zA-Z]+):\s+'/gm,
];
const files = readdirSync(folder).filter((name) =>
  ['bundle-shelf', 'check-bundle', 'stage-order', 'stage-sentence', 'updates'].includes(
    name.replace('.ts', ''),
  ),
);

describe('refusals of updates', () => {
  const tokens = new Set(
    files.flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return writings.flatMap((writing) =>
        [...text.matchAll(writing)].map((found) => found[1] ?? ''),
      );
    }),
  );

  it('have a sentence in both languages for every token that the routes answer with', () => {
    for (const token of ['noUpdateRoot', 'tampered', 'siteFirst', 'stageOver', 'sameVersion'])
      expect([...tokens]).toContain(token);
    for (const language of ['ru', 'en'] as const) {
      const known = { ...refusals[language], ...rolloutRefusals[language] };
      expect([...tokens].filter((token) => !Object.hasOwn(known, token))).toEqual([]);
    }
  });

  it('are none that nobody answers with, each in its language', () => {
    // Said by the HTTP layer.
    const elsewhere = ['tooBig'];
    const { ru, en } = rolloutRefusals;
    const idle = Object.keys(ru).filter(
      (token) => !tokens.has(token) && !elsewhere.includes(token),
    );
    expect(idle).toEqual([]);
    expect(Object.keys(ru)).toEqual(Object.keys(en));
    for (const text of Object.values(ru)) expect(text).toMatch(/^[^{}]*[а-яё][^{}]*$/i);
    for (const text of Object.values(en)) expect(text.replace('…', '')).toMatch(/^[^{}а-яё]+$/i);
  });
});
