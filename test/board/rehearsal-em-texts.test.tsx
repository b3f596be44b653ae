import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emReasons, emReasonText, emTexts } from '@ppe-pulse/protocol/texts';
import { emPageEn } from '../../board/src/em/em-page-en.ts';
import { emPageRu } from '../../board/src/em/em-page-ru.ts';
import { rehearsalEn } from '../../board/src/rehearsal/rehearsal-en.ts';
import { rehearsalRu } from '../../board/src/rehearsal/rehearsal-ru.ts';

const root = join(import.meta.dirname, '..', '..');
const folders = ['server/src/em', 'agent/src/em', 'protocol/src/em'];
const sources = folders.flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => readFileSync(join(root, folder, name), 'utf8')),
);

/** Reasons that the code of both sides names. */
function namedReasons(): string[] {
  const patterns = [
    /\breason: '(\w+)'/g,
    /\.end\('\w+', '(\w+)'\)/g,
    /#set\('\w+', '(\w+)'\)/g,
    /return '(closedHours|notHq|tooBig)'/g,
    /\? '(badProgress|notReached|noMirror|lineBusy)'/g,
    /: '(expired)'/g,
  ];
  return sources.flatMap((text) =>
    patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((found) => found[1] ?? '')),
  );
}

describe('words of the rehearsal of the download', () => {
  it('are there in both languages for every reason that the code names', () => {
    const named = [...new Set(namedReasons())];
    // The search finds something: all the collector's and nearly all of the agent's.
    expect(named).toEqual(
      expect.arrayContaining(['ordered', 'stopped', 'expired', 'notReached', 'badPackage', 'ok']),
    );
    expect(named.filter((reason) => !emReasons.some((each) => each === reason))).toEqual([]);
    for (const reason of emReasons)
      for (const language of ['ru', 'en'] as const)
        expect([reason, emTexts(language).reasons[reason].length > 1]).toEqual([reason, true]);
  });

  it('say a reason of a newer agent as it is', () => {
    expect(emReasonText('lineBusy', 'ru')).toBe('канал занят другой работой пункта');
    expect(emReasonText('toString', 'ru')).toBe('toString');
  });

  it('are Russian in Russian and the same set in English', () => {
    const russian = Object.values(emTexts('ru')).flatMap((words) => Object.values<string>(words));
    for (const text of russian) expect(text).toMatch(/[а-яё]/);
    expect(Object.keys(emPageRu).sort()).toEqual(Object.keys(emPageEn).sort());
    expect(Object.keys(rehearsalRu).sort()).toEqual(Object.keys(rehearsalEn).sort());
  });
});
