import { describe, expect, it } from 'vitest';
import type { Incident, Phase } from '@ppe-pulse/protocol';
import { checkRouting } from '../../server/src/alerts/routing/check-routing.ts';
import { isWithin, minuteOfDayIn } from '../../server/src/alerts/routing/hours.ts';
import {
  routedTo,
  routesOf,
  type RoutingGround,
} from '../../server/src/alerts/routing/route-of.ts';
import {
  defaultRouting,
  type Route,
  type RouteMatch,
} from '../../server/src/alerts/routing/routing.ts';
import { cutProvider, jammedPrinter } from '../support/alert-samples.ts';

const municipalities: Readonly<Record<string, string>> = {
  '4201': 'kemerovo',
  '4202': 'belovo',
  '4216': 'kemerovo',
};
const phases: Readonly<Record<string, Phase>> = { '4201': 'exam', '4216': 'opening' };
const ground: RoutingGround = {
  municipalityOf: (siteCode) => municipalities[siteCode] ?? null,
  phaseOf: (siteCode) => phases[siteCode] ?? 'idle',
  minuteOfDay: 9 * 60 + 20,
};

function route(name: string, match: RouteMatch, part: Partial<Route> = {}): Route {
  return { name, match, webhooks: [`wh-${name}`], continues: false, ...part };
}

const names = (incident: Incident, routes: Route[], on: RoutingGround = ground): string[] =>
  routesOf(incident, { routes }, on).map(({ name }) => name);

/** A provider of three sites, all of them listed. */
const provider = cutProvider({ sites: 3 });
const collector = cutProvider({
  level: 'collector',
  node: 'collector',
  kind: 'collector.line',
  provider: null,
  sites: 0,
  siteCodes: [],
});

describe('routes', () => {
  const cases: readonly (readonly [string, RouteMatch, Incident, boolean])[] = [
    ['nothing asked for holds for all', {}, provider, true],
    ['the severity', { severities: ['critical'] }, provider, true],
    ['another severity', { severities: ['warning'] }, provider, false],
    ['the municipality', { municipalities: ['kemerovo'] }, jammedPrinter(), true],
    ['another municipality', { municipalities: ['belovo'] }, jammedPrinter(), false],
    ['one of a provider’s municipalities', { municipalities: ['belovo'] }, provider, true],
    ['none of a provider’s municipalities', { municipalities: ['yurga'] }, provider, false],
    ['the site', { sites: ['4216'] }, jammedPrinter(), true],
    ['one of a provider’s sites', { sites: ['4202'] }, provider, true],
    ['a site of a wider incident that is not listed', { sites: ['4999'] }, cutProvider(), true],
    ['another site', { sites: ['4201'] }, jammedPrinter(), false],
    ['the check', { checks: ['printer.state', 'heartbeat'] }, jammedPrinter(), true],
    ['another check', { checks: ['printer.paper'] }, jammedPrinter(), false],
    ['the phase of the site’s day', { phases: ['opening'] }, jammedPrinter(), true],
    ['another phase', { phases: ['closed'] }, jammedPrinter(), false],
    ['the phase of one of its sites', { phases: ['exam'] }, provider, true],
    ['the level', { levels: ['provider', 'region'] }, provider, true],
    ['another level', { levels: ['region'] }, provider, false],
    ['the hour', { hours: { from: '08:00', to: '20:00' } }, provider, true],
    ['another hour', { hours: { from: '20:00', to: '08:00' } }, provider, false],
    ['the collector has a severity', { severities: ['critical'] }, collector, true],
    ['the collector has no site', { sites: ['4216'] }, collector, false],
    ['the collector has no phase', { phases: ['opening'] }, collector, false],
    ['all that is asked', { severities: ['critical'], sites: ['4201'] }, jammedPrinter(), false],
  ];
  it.each(cases)('match by %s', (_title, match, incident, holds) => {
    expect(names(incident, [route('1', match)])).toEqual(holds ? ['1'] : []);
  });

  it('hold from the first that matches, and on while they continue', () => {
    const routes = [
      route('1', { severities: ['warning'] }),
      route('2', {}, { continues: true }),
      route('3', {}, { continues: true }),
      route('4', { sites: ['0042'] }),
      route('5', {}),
      route('6', {}),
    ];
    expect(names(jammedPrinter(), routes)).toEqual(['2', '3', '5']);
  });

  it('tell each enabled webhook once, whatever names it', () => {
    const enabled = new Set(['wh-1', 'wh-2']);
    const routes = [
      route('a', {}, { webhooks: ['wh-2', 'wh-9'] }),
      route('b', {}, { webhooks: ['*'] }),
    ];
    const { webhooks } = routedTo(jammedPrinter(), routes, enabled);
    expect([...webhooks].sort()).toEqual(['wh-1', 'wh-2']);
  });

  it('collect warnings for a digest and tell what is critical at once', () => {
    const enabled = new Set(['wh-1']);
    const { routes } = defaultRouting;
    expect(routedTo(jammedPrinter(), routes, enabled)).toEqual({
      webhooks: ['wh-1'],
      isInDigest: false,
    });
    expect(routedTo(jammedPrinter({ severity: 'warning' }), routes, enabled)).toEqual({
      webhooks: [],
      isInDigest: true,
    });
  });
});

describe('hours', () => {
  it.each([
    ['08:00', '20:00', '07:59', false],
    ['08:00', '20:00', '08:00', true],
    ['08:00', '20:00', '19:59', true],
    ['08:00', '20:00', '20:00', false],
    ['20:00', '08:00', '20:00', true],
    ['20:00', '08:00', '23:59', true],
    ['20:00', '08:00', '00:00', true],
    ['20:00', '08:00', '07:59', true],
    ['20:00', '08:00', '08:00', false],
    ['20:00', '08:00', '12:00', false],
  ])('from %s to %s: %s is %s', (from, to, time, isInside) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    expect(isWithin({ from, to }, hours * 60 + minutes)).toBe(isInside);
  });

  it('are of the region’s zone, midnight included', () => {
    const kuzbass = minuteOfDayIn('Asia/Novokuznetsk');
    expect(kuzbass(Date.parse('2024-05-15T02:20:00Z'))).toBe(9 * 60 + 20);
    expect(kuzbass(Date.parse('2024-05-15T17:00:00Z'))).toBe(0);
  });
});

describe('a document of routes', () => {
  const nameable = {
    webhookIds: ['wh-1', 'wh-2'],
    municipalities: ['kemerovo', 'novokuznetsk'],
    siteCodes: ['4201', '4216'],
  };
  const documentWith = (part: object): unknown => ({
    routes: [{ name: 'a', match: {}, webhooks: ['wh-1'], continues: false, ...part }],
  });

  it('is taken when everything that it names is there', () => {
    const full = documentWith({
      match: {
        severities: ['critical'],
        municipalities: ['kemerovo'],
        sites: ['4216'],
        checks: ['printer.state'],
        phases: ['opening'],
        levels: ['room'],
        hours: { from: '20:00', to: '08:00' },
      },
      escalation: [
        { afterMinutes: 5, webhooks: ['wh-2'] },
        { afterMinutes: 15, webhooks: ['*'] },
      ],
      digest: { everyMinutes: 15 },
    });
    expect(checkRouting(full, nameable)).toEqual({ ok: true, routing: full });
    expect(checkRouting(defaultRouting, nameable).ok).toBe(true);
  });

  it.each([
    [{}, 'routes', 'missing', 'is missing'],
    [{ routes: [] }, 'routes', 'tooFew', 'at least 1'],
    [{ routes: 'all' }, 'routes', 'badType', 'a list'],
    [documentWith({ webhook: [] }), 'routes.0.webhook', 'unknownField', '“webhooks”'],
    [
      documentWith({ match: { severity: [] } }),
      'routes.0.match.severity',
      'unknownField',
      'severities',
    ],
    [
      documentWith({ match: { severities: ['critcal'] } }),
      'routes.0.match.severities.0',
      'notInChoices',
      '“critical”',
    ],
    [
      documentWith({ match: { phases: ['openning'] } }),
      'routes.0.match.phases.0',
      'notInChoices',
      '“opening”',
    ],
    [
      documentWith({ match: { municipalities: ['kemerov'] } }),
      'routes.0.match.municipalities.0',
      'unknownMunicipality',
      '“kemerovo”',
    ],
    [
      documentWith({ match: { sites: ['4217'] } }),
      'routes.0.match.sites.0',
      'unknownSite',
      '“4216”',
    ],
    [
      documentWith({ match: { checks: ['printer.stat'] } }),
      'routes.0.match.checks.0',
      'unknownCheck',
      '“printer.state”',
    ],
    [
      documentWith({ match: { checks: [] } }),
      'routes.0.match.checks',
      'tooFew',
      'leave the key out',
    ],
    [
      documentWith({ match: { hours: { from: '8:00', to: '20:00' } } }),
      'routes.0.match.hours.from',
      'badFormat',
      'look like',
    ],
    [
      documentWith({ match: { hours: { from: '08:00', to: '08:00' } } }),
      'routes.0.match.hours',
      'emptyHours',
      'the whole day',
    ],
    [documentWith({ webhooks: ['wh-7'] }), 'routes.0.webhooks.0', 'unknownWebhook', '“wh-7”'],
    [documentWith({ webhooks: [] }), 'routes.0.webhooks', 'tooFew', 'at least 1'],
    [
      documentWith({ digest: { everyMinutes: 0 } }),
      'routes.0.digest.everyMinutes',
      'outOfRange',
      'from 1 to 1440',
    ],
    [
      documentWith({ escalation: [{ afterMinutes: 5, webhooks: ['wh-9'] }] }),
      'routes.0.escalation.0.webhooks.0',
      'unknownWebhook',
      '“wh-9”',
    ],
    [
      documentWith({
        escalation: [
          { afterMinutes: 5, webhooks: ['wh-1'] },
          { afterMinutes: 5, webhooks: ['wh-2'] },
        ],
      }),
      'routes.0.escalation.1.afterMinutes',
      'notLater',
      'later than',
    ],
  ])('%j is refused at %s as %s', (document, path, reason, words) => {
    const outcome = checkRouting(document, nameable);
    expect(outcome).toMatchObject({ ok: false, problems: [{ path, reason }] });
    const details = outcome.ok ? [] : outcome.problems.map(({ detail }) => detail);
    expect(details.join('\n')).toContain(words);
  });

  it('is refused with two routes of one name, since digests go by it', () => {
    const same = { name: 'a', match: {}, webhooks: ['*'], continues: true };
    expect(checkRouting({ routes: [same, same] }, nameable)).toMatchObject({
      ok: false,
      problems: [{ path: 'routes.1.name', reason: 'nameTaken' }],
    });
  });
});
