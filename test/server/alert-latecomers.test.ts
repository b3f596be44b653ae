import { describe, expect, it } from 'vitest';
import type { Incident } from '@ppe-pulse/protocol';
import { EVERYONE, type Route } from '../../server/src/alerts/routing/routing.ts';
import { cutProvider, jammedPrinter } from '../support/alert-samples.ts';
import { AlertStage } from '../support/alert-stage.ts';

const warning = jammedPrinter({ severity: 'warning' });
const over = (incident: Incident): Incident => ({
  ...incident,
  resolvedAtMs: incident.openedAtMs + 360_000,
  resolution: 'healed',
});
const toAll = (part: Partial<Route> = {}): { routes: Route[] } => ({
  routes: [{ name: 'all', match: {}, webhooks: [EVERYONE], continues: false, ...part }],
});

describe('a receiver that comes later', () => {
  it('is told once of what is open, over a restart, and of its end', () => {
    const stage = new AlertStage(0);
    stage.take('opened', cutProvider());
    stage.pass(2);
    expect(stage.told()).toEqual([]);
    stage.addWebhook('late');
    stage.pass(0.1);
    expect(stage.told()).toEqual(['opened i-17 wh-1']);
    stage.restart();
    stage.addWebhook('later');
    stage.pass(5);
    expect(stage.told()).toEqual(['opened i-17 wh-2']);
    stage.take('opened', cutProvider());
    stage.take('resolved', over(cutProvider()));
    stage.pass(5);
    expect(stage.told()).toEqual(['resolved i-17 wh-1', 'resolved i-17 wh-2']);
  });

  it('is told nothing of what is silenced, put off or over', () => {
    const stage = new AlertStage(0);
    stage.take('opened', cutProvider({ silencedUntilMs: stage.nowMs + 3_600_000 }));
    stage.take('opened', cutProvider({ id: 'i-19', snoozedUntilMs: stage.nowMs + 3_600_000 }));
    stage.take('opened', cutProvider({ id: 'i-20' }));
    stage.take('resolved', over(cutProvider({ id: 'i-20' })));
    stage.addWebhook('late');
    stage.pass(5);
    expect(stage.told()).toEqual([]);
  });

  it('is told of warnings with the next digest, which says nothing new to the others', () => {
    const stage = new AlertStage(1);
    stage.tick();
    stage.take('opened', warning);
    stage.pass(16);
    expect(stage.told()).toEqual(['digest i-18 wh-1']);
    stage.addWebhook('late');
    stage.pass(16);
    expect(stage.told()).toEqual(['digest i-18 wh-2']);
    stage.pass(31);
    expect(stage.told()).toEqual([]);
  });

  it('is told by a route that holds since, when its hour comes or it is written', () => {
    const stage = new AlertStage(2);
    stage.routing = toAll({ match: { hours: { from: '10:00', to: '11:00' } } });
    stage.take('opened', cutProvider());
    stage.pass(5);
    expect(stage.told()).toEqual([]);
    const before = stage.ground;
    stage.ground = () => ({ ...before(), minuteOfDay: 601 });
    stage.pass(1.1);
    expect(stage.told()).toEqual(['opened i-17 wh-1', 'opened i-17 wh-2']);
    stage.routing = toAll();
    stage.addWebhook('late', false);
    stage.pass(2);
    expect(stage.told()).toEqual([]);
  });

  it('is told of many in turn, and again when the disk refused it', () => {
    const stage = new AlertStage(0);
    for (let number = 1; number <= 450; number += 1)
      stage.take('opened', cutProvider({ id: `i-${number}` }));
    stage.pass(1);
    stage.addWebhook('late');
    stage.tickRefused();
    expect(stage.told()).toEqual([]);
    stage.tick();
    expect(stage.told()).toHaveLength(200);
    stage.pass(0.1);
    expect(stage.told()).toHaveLength(250);
    stage.pass(2);
    expect(stage.told()).toEqual([]);
  });
});

describe('a receiver that keeps state', () => {
  it('is told the end of what a digest listed, which chats are not', () => {
    const stage = new AlertStage(1);
    stage.addWebhook('alertmanager', true, 'alertmanager');
    stage.tick();
    stage.take('opened', warning);
    stage.pass(16);
    expect(stage.told()).toEqual(['digest i-18 wh-1', 'digest i-18 wh-2']);
    stage.take('resolved', over(warning));
    expect(stage.told()).toEqual(['resolved i-18 wh-2']);
    stage.take('resolved', over(warning));
    expect(stage.told()).toEqual([]);
  });

  it('is told that a warning of a digest is raised, where others hear of it first', () => {
    const stage = new AlertStage(1);
    stage.addWebhook('alertmanager', true, 'alertmanager');
    stage.tick();
    stage.take('opened', warning);
    stage.pass(16);
    stage.told();
    stage.take('raised', jammedPrinter());
    expect([...stage.told()].sort()).toEqual(['opened i-18 wh-1', 'raised i-18 wh-2']);
  });

  it('keeps the worst severity that it was told, so that its alert ends', () => {
    const stage = new AlertStage(0);
    stage.addWebhook('alertmanager', true, 'alertmanager');
    stage.tick();
    stage.take('opened', jammedPrinter());
    stage.change(warning);
    stage.pass(16);
    stage.take('acknowledged', { ...warning, acknowledgedAtMs: stage.nowMs });
    stage.take('resolved', over(warning));
    expect(stage.told()).toEqual([
      'opened i-18 wh-1',
      'acknowledged i-18 wh-1',
      'resolved i-18 wh-1',
    ]);
    expect(stage.events().map(({ incident }) => incident.severity)).toEqual([
      'critical',
      'critical',
      'critical',
    ]);
  });
});

describe('a mistake of ours', () => {
  it('keeps neither the other decisions nor the incident from being written', () => {
    const stage = new AlertStage(1);
    const before = stage.ground;
    stage.ground = () => {
      throw new Error('no such zone');
    };
    stage.take('opened', cutProvider());
    stage.take('resolved', over(cutProvider({ id: 'i-19' })));
    stage.pass(1);
    expect(stage.told()).toEqual([]);
    expect(stage.desk.untold().failed).toBeGreaterThan(0);
    stage.ground = before;
    stage.pass(2);
    expect(stage.told()).toEqual(['opened i-17 wh-1']);
  });

  it('is no reason to lose what the database refuses', () => {
    const stage = new AlertStage(1);
    stage.database.exec('PRAGMA query_only = 1');
    expect(() => stage.take('opened', cutProvider())).toThrow(/readonly/);
    stage.database.exec('PRAGMA query_only = 0');
    stage.take('opened', cutProvider());
    expect(stage.told()).toEqual(['opened i-17 wh-1']);
  });
});
