// @vitest-environment happy-dom
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { incidentPageRu as ru } from '../../board/src/incidents/incident-page-ru.ts';
import { refusals } from '../../board/src/incidents/refusals.ts';
import { settingReasons } from '../../server/src/alerts/formats/field-checks.ts';
import { addressProblems } from '../../server/src/alerts/transport/check-url.ts';
import { fakeApi, incidentOf, openBoard, snapshotOf } from '../support/board-page.ts';

const server = join(import.meta.dirname, '..', '..', 'server', 'src');
/** Where the refusals of these pages' routes are made. */
const places = ['incidents', 'alerts'];
const routes = [
  'authorize.ts',
  'http.ts',
  'routes/alert-parts.ts',
  'routes/alert-routing.ts',
  'routes/deliveries.ts',
  'routes/incidents.ts',
  'routes/request-id.ts',
  'routes/webhooks.ts',
];

/** How the collector's source writes a token of a refusal. */
const writings = [
  /\brefused\(\s*'([a-zA-Z]+)'/g,
  /kind: 'refused',\s*reason: '([a-zA-Z]+)'/g,
  /new Problem\(\s*\d+,\s*'([a-zA-Z]+)'/g,
  /\btold\(\s*[^,]+,\s*'([a-zA-Z]+)'/g,
  /\bproblem\(\s*[^,]+,\s*'([a-zA-Z]+)'/g,
  /path: `[^`]+`,\s*reason: '([a-zA-Z]+)'/g,
  /return '(tooBig|unsupportedMediaType|tooManyRequests|badRequest)'/g,
  // Refusals that are built in a constant.
  /reason: '(noWebhooks|unknownMunicipality|unknownSite|unknownCheck)'/g,
];

function sources(): string[] {
  const inside = places.flatMap((place) =>
    readdirSync(join(server, place), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(server, place, name)),
  );
  return [...inside, ...routes.map((name) => join(server, 'api', name))].map((path) =>
    readFileSync(path, 'utf8'),
  );
}

describe('refusals', () => {
  const written = sources().flatMap((text) =>
    writings.flatMap((writing) => [...text.matchAll(writing)].map((match) => match[1] ?? '')),
  );
  const tokens = new Set([...written, ...settingReasons, ...addressProblems]);

  it('have a sentence in both languages for every token that the routes answer with', () => {
    // As many as there are: a way of writing them that is not found would hide some.
    expect(tokens.size).toBeGreaterThan(55);
    for (const token of ['badTime', 'nameTaken', 'secretNeeded', 'outOfRange', 'staleRouting'])
      expect(written).toContain(token);
    const missing = (known: Readonly<Record<string, string>>): string[] =>
      [...tokens].filter((token) => !Object.hasOwn(known, token)).sort();
    expect(missing(refusals.ru)).toEqual([]);
    expect(missing(refusals.en)).toEqual([]);
  });

  it('are each in its language and without gaps to fill', () => {
    expect(Object.keys(refusals.ru)).toEqual(Object.keys(refusals.en));
    for (const text of Object.values(refusals.ru)) expect(text).toMatch(/^[^{}]*[а-яё][^{}]*$/i);
    for (const text of Object.values(refusals.en)) expect(text).toMatch(/^[^{}а-яё]+$/i);
  });
});

describe('an order that nobody answered', () => {
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });

  it('is sent again with the same id, and another one with a fresh id', async () => {
    let line: 'cut' | 'up' | 'signedOut' = 'cut';
    const asked = fakeApi(({ method }) => {
      if (method !== 'POST') return undefined;
      if (line === 'cut') throw new TypeError('network');
      return line === 'up' ? incidentOf(1) : { status: 401, body: {} };
    });
    openBoard('/', snapshotOf({ incidents: [incidentOf(1)] }));
    const row = within(await screen.findByTestId('incident-i-1'));
    const take = (): Promise<boolean> => act(async () => fireEvent.click(row.getByRole('button')));
    await take();
    expect((await row.findByRole('alert')).textContent).toBe(ru.failed(ru.noAnswer));
    line = 'up';
    await take();
    expect(row.queryByRole('alert')).toBeNull();
    line = 'signedOut';
    await take();
    expect(row.getByRole('alert').textContent).toBe(ru.failed(refusals.ru.notSignedIn ?? ''));
    const ids = asked.filter(({ method }) => method === 'POST').map(({ body }) => body.requestId);
    expect(ids).toHaveLength(3);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});
