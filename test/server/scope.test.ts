import { describe, expect, it } from 'vitest';
import type { Region } from '@ppe-pulse/protocol';
import type { AccountRole } from '../../server/src/access/principal.ts';
import { createScopes } from '../../server/src/access/scope.ts';
import { isNodeInScope } from '../../server/src/incidents/node-in-scope.ts';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import { plainIncident } from '../support/plain-incident.ts';
import { workstationId } from '../support/rows.ts';
import { twoSites } from '../support/two-municipalities.ts';

const startMs = Date.parse('2024-05-15T02:36:00Z');

function world() {
  let region: Region = sampleRegion({ ppe: 40, seed: 668 });
  const [own, foreign] = twoSites(region.sites);
  const scopeOf = createScopes(() => region);
  const as = (role: AccountRole) =>
    scopeOf({
      account: role,
      role,
      municipality: role === 'municipal' ? own.municipality : null,
      siteCode: role === 'ppe' ? own.code : null,
    });
  return { as, own, foreign, region, change: (next: Region) => (region = next) };
}

describe('a scope', () => {
  it('of the region has every site, of a municipality its own, of a ППЭ the one', () => {
    const { as, own, foreign, region } = world();
    for (const role of ['admin', 'operator', 'wall'] as const) {
      expect(as(role).isWhole).toBe(true);
      expect(as(role).hasSite(foreign.code)).toBe(true);
    }
    const ours = region.sites.filter(({ municipality }) => municipality === own.municipality);
    expect(as('municipal').siteCodes()).toEqual(ours.map(({ code }) => code));
    expect(as('municipal').hasSite(foreign.code)).toBe(false);
    expect(as('ppe').siteCodes()).toEqual([own.code]);
    expect(new Set([as('admin'), as('municipal'), as('ppe')].map(({ key }) => key)).size).toBe(3);
  });

  it('of a role without its place has nothing', () => {
    const { region } = world();
    const scopeOf = createScopes(() => region);
    for (const role of ['municipal', 'ppe'] as const) {
      const scope = scopeOf({ account: 'x', role, municipality: null, siteCode: null });
      expect(region.sites.some(({ code }) => scope.hasSite(code))).toBe(false);
      expect(scope.hasSite('')).toBe(false);
      expect(scope.shown(plainIncident(1, startMs))).toBeUndefined();
    }
  });

  it('follows the registry that holds now', () => {
    const { as, own, foreign, region, change } = world();
    const scope = as('municipal');
    const { municipality } = own;
    change({
      ...region,
      sites: region.sites.map((site) =>
        site.code === foreign.code ? { ...site, municipality } : site,
      ),
    });
    expect(scope.hasSite(foreign.code)).toBe(true);
  });
});

describe('an incident', () => {
  it('of a site is shown to who has the site, and whoever may act there owns it', () => {
    const { as, own, foreign } = world();
    const ours = plainIncident(1, startMs, { siteCode: own.code, municipality: own.municipality });
    const theirs = plainIncident(2, startMs, {
      siteCode: foreign.code,
      municipality: foreign.municipality,
      // Whatever it lists: it is of that site.
      siteCodes: [own.code, foreign.code],
    });
    for (const role of ['municipal', 'ppe'] as const) {
      expect(as(role).shown(ours)).toBe(ours);
      expect(as(role).owns(ours)).toBe(true);
      expect(as(role).shown(theirs)).toBeUndefined();
      expect(as(role).owns(theirs)).toBe(false);
    }
  });

  it('of a municipality is that municipality’s to act on, and a ППЭ reads its part', () => {
    const { as, own } = world();
    const whole = plainIncident(3, startMs, {
      level: 'municipality',
      municipality: own.municipality,
      siteCodes: [own.code, '9999'],
      sites: 2,
      children: 30,
    });
    expect(as('municipal').shown(whole)).toBe(whole);
    expect(as('municipal').owns(whole)).toBe(true);
    expect(as('ppe').owns(whole)).toBe(false);
    expect(as('ppe').shown(whole)).toMatchObject({ siteCodes: [own.code], sites: 1, children: 15 });
  });

  it('of a provider names only own sites, and of the collector is nobody’s', () => {
    const { as, own, foreign } = world();
    const wide = plainIncident(4, startMs, {
      level: 'provider',
      siteCodes: [foreign.code, own.code],
      sites: 40,
      children: 400,
      evidence: { sites: 40 },
    });
    const shown = as('municipal').shown(wide);
    expect(shown).toMatchObject({ siteCodes: [own.code], sites: 1, children: 10, evidence: {} });
    expect(JSON.stringify(shown)).not.toContain(foreign.code);
    const collector = plainIncident(5, startMs, { level: 'collector', node: 'collector' });
    expect(as('municipal').shown(collector)).toBeUndefined();
    expect(as('operator').shown(collector)).toBe(collector);
  });
});

describe('a node of the tree', () => {
  it('is in a scope when it is of it, or around it', () => {
    const { as, own, foreign } = world();
    const siteOf = (id: string) => (id === workstationId(1) ? own.code : foreign.code);
    const isIn = (role: AccountRole, node: string) => isNodeInScope(node, as(role), siteOf);
    const nodes: [string, boolean][] = [
      ['region', true],
      ['collector', false],
      [`municipality:${own.municipality}`, true],
      [`municipality:${foreign.municipality}`, false],
      [`provider:${own.provider}`, true],
      ['provider:Связь-99', false],
      [`site:${own.code}`, true],
      [`site:${foreign.code}`, false],
      [`room:${own.code}-0001`, true],
      [`room:${foreign.code}-0001`, false],
      [`station:${workstationId(1)}`, true],
      [`station:${workstationId(2)}`, false],
      ['nonsense', false],
    ];
    for (const [node, expected] of nodes) {
      expect([node, isIn('municipal', node)]).toEqual([node, expected]);
      expect([node, isIn('ppe', node)]).toEqual([node, expected]);
      expect(isIn('admin', node)).toBe(true);
    }
  });
});
