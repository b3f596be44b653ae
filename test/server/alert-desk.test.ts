import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident } from '@ppe-pulse/protocol';
import { EVERYONE, type Route } from '../../server/src/alerts/routing/routing.ts';
import { cutProvider, jammedPrinter } from '../support/alert-samples.ts';
import { AlertStage } from '../support/alert-stage.ts';

const warning = jammedPrinter({ severity: 'warning' });
const over = (incident: Incident, part: Partial<Incident> = {}): Incident => ({
  ...incident,
  resolvedAtMs: incident.openedAtMs + 360_000,
  resolution: 'healed',
  ...part,
});
const toAll = (part: Partial<Route> = {}): { routes: Route[] } => ({
  routes: [{ name: 'all', match: {}, webhooks: [EVERYONE], continues: false, ...part }],
});

describe('a desk', () => {
  it('tells each webhook of one opening and one end, over a restart in between', () => {
    const stage = new AlertStage();
    stage.take('opened', cutProvider());
    expect(stage.told()).toEqual(['opened i-17 wh-1', 'opened i-17 wh-2']);
    stage.restart();
    stage.take('opened', cutProvider());
    expect(stage.told()).toEqual([]);
    stage.take('resolved', over(cutProvider()));
    stage.restart();
    stage.take('resolved', over(cutProvider()));
    expect(stage.told()).toEqual(['resolved i-17 wh-1', 'resolved i-17 wh-2']);
    const ids = stage.events().map(({ id }) => id);
    expect(ids.every((id) => /^evt_[A-Za-z0-9_-]{22}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(2);
  });

  it('opens what became critical for those who knew nothing, and raises it for those who did', () => {
    const stage = new AlertStage();
    stage.routing = {
      routes: [
        {
          name: 'warnings',
          match: { severities: ['warning'] },
          webhooks: ['wh-1'],
          continues: false,
        },
        { name: 'rest', match: {}, webhooks: ['*'], continues: false },
      ],
    };
    stage.take('opened', warning);
    expect(stage.told()).toEqual(['opened i-18 wh-1']);
    stage.take('raised', jammedPrinter());
    expect(stage.told()).toEqual(['opened i-18 wh-2', 'raised i-18 wh-1']);
    stage.take('raised', jammedPrinter());
    expect(stage.told()).toEqual([]);
    expect(stage.desk.untold().toldAlready).toBe(1);
  });

  it('tells who took it, and that it is over, only to those who were told', () => {
    const stage = new AlertStage();
    stage.routing = toAll({ webhooks: ['wh-2'] });
    stage.take('opened', cutProvider());
    stage.routing = toAll();
    stage.take('acknowledged', cutProvider({ acknowledgedAtMs: stage.nowMs }));
    const resolution = { resolution: 'folded', foldedInto: 'i-20' } as const;
    stage.take('folded', over(cutProvider(), resolution));
    expect(stage.told()).toEqual([
      'opened i-17 wh-2',
      'acknowledged i-17 wh-2',
      'folded i-17 wh-2',
    ]);
  });

  it('tells nobody of a silenced incident and says so; after the silence it is an opening', () => {
    const stage = new AlertStage();
    const silenced = cutProvider({ silencedUntilMs: stage.nowMs + 600_000 });
    stage.take('opened', silenced);
    expect(stage.told()).toEqual([]);
    stage.take('acknowledged', silenced);
    expect(stage.told()).toEqual([]);
    expect(stage.desk.untold().silenced).toBe(2);
    stage.take('resumed', cutProvider());
    expect(stage.told()).toEqual(['opened i-17 wh-1', 'opened i-17 wh-2']);
    stage.take('resumed', cutProvider());
    expect(stage.told()).toEqual(['resumed i-17 wh-1', 'resumed i-17 wh-2']);
  });

  it('ends a silenced incident for those who know of it', () => {
    const stage = new AlertStage(1);
    stage.take('opened', cutProvider());
    stage.take('resolved', over(cutProvider({ silencedUntilMs: stage.nowMs + 600_000 })));
    expect(stage.told()).toEqual(['opened i-17 wh-1', 'resolved i-17 wh-1']);
  });

  it('counts what no route and no webhook was there for', () => {
    const stage = new AlertStage(1);
    stage.routing = toAll({ match: { levels: ['room'] } });
    stage.take('opened', cutProvider());
    stage.routing = toAll({ webhooks: ['wh-9'] });
    stage.take('opened', cutProvider({ id: 'i-19' }));
    expect(stage.told()).toEqual([]);
    expect(stage.desk.untold()).toMatchObject({ noRoute: 1, noWebhook: 1 });
  });

  it('tells a disabled webhook no news, but the end of what it knows', () => {
    const stage = new AlertStage(1);
    const spare = stage.addWebhook('spare', false);
    stage.take('opened', cutProvider());
    expect(stage.told()).toEqual(['opened i-17 wh-1']);
    const before = stage.webhooks.withSecrets('wh-1');
    if (!before) throw new Error('it is there');
    const by = { account: 'admin', atMs: stage.nowMs, requestId: null };
    stage.webhooks.change('wh-1', { ...before, isEnabled: false }, by);
    stage.webhooks.remove(spare, by);
    stage.take('opened', cutProvider({ id: 'i-19' }));
    stage.take('resolved', over(cutProvider()));
    expect(stage.told()).toEqual(['resolved i-17 wh-1']);
  });

  it('marks what is told of an incident that is rehearsed', () => {
    const stage = new AlertStage(1);
    stage.take('opened', cutProvider({ isDrill: true }));
    expect(stage.events()).toMatchObject([{ kind: 'opened', isDrill: true }]);
  });

  it('opens once and ends once for every webhook, whatever happens in whatever order', () => {
    const steps = fc.constantFrom('opened', 'raised', 'resumed', 'acknowledged', 'restart', 'tick');
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 12 }), fc.boolean(), (story, isFolded) => {
        const stage = new AlertStage();
        stage.routing = toAll({ escalation: [{ afterMinutes: 1, webhooks: ['wh-2'] }] });
        for (const step of story) {
          if (step === 'restart') stage.restart();
          else if (step === 'tick') stage.pass(1);
          else stage.take(step, cutProvider());
        }
        stage.take(isFolded ? 'folded' : 'resolved', over(cutProvider()));
        const told = stage.told();
        for (const webhook of ['wh-1', 'wh-2']) {
          const own = told
            .filter((each) => each.endsWith(webhook))
            .map((each) => each.split(' ')[0]);
          const openings = own.filter((kind) => kind === 'opened').length;
          const ends = own.filter((kind) => kind === 'resolved' || kind === 'folded').length;
          expect(openings).toBeLessThanOrEqual(1);
          expect(ends).toBe(own.some((kind) => kind !== 'acknowledged') ? 1 : 0);
          if (ends === 1) expect(['resolved', 'folded']).toContain(own.at(-1));
        }
        return true;
      }),
      { seed: 6, numRuns: 40 },
    );
  });
});

describe('escalation', () => {
  const escalation = [
    { afterMinutes: 5, webhooks: ['wh-2'] },
    { afterMinutes: 10, webhooks: ['wh-2', 'wh-3'] },
  ];
  const escalating = (): AlertStage => {
    const stage = new AlertStage(3);
    stage.routing = toAll({ webhooks: ['wh-1'], escalation });
    stage.take('opened', cutProvider());
    expect(stage.told()).toEqual(['opened i-17 wh-1']);
    return stage;
  };

  it('tells the next in line when nobody took it, each step once', () => {
    const stage = escalating();
    stage.pass(4.9);
    expect(stage.told()).toEqual([]);
    stage.pass(0.2);
    expect(stage.told()).toEqual(['escalated i-17 wh-2']);
    stage.pass(4.8);
    expect(stage.told()).toEqual([]);
    stage.pass(10);
    expect(stage.told()).toEqual(['escalated i-17 wh-2', 'escalated i-17 wh-3']);
    expect(stage.escalations).toEqual(['i-17 wh-2', 'i-17 wh-2 wh-3']);
    stage.take('resolved', over(cutProvider()));
    expect([...stage.told()].sort()).toEqual([
      'resolved i-17 wh-1',
      'resolved i-17 wh-2',
      'resolved i-17 wh-3',
    ]);
  });

  it('is not for what somebody took, put off, or silenced', () => {
    for (const part of [
      { acknowledgedAtMs: 1 },
      { snoozedUntilMs: Number.MAX_SAFE_INTEGER },
      { silencedUntilMs: Number.MAX_SAFE_INTEGER },
    ]) {
      const stage = escalating();
      stage.change(cutProvider(part));
      stage.pass(20);
      expect(stage.told()).toEqual([]);
    }
  });

  it('counts from the opening over a restart, but gives people half a minute after it', () => {
    const stage = escalating();
    stage.sleep(6);
    stage.restart();
    stage.pass(0.4);
    expect(stage.told()).toEqual([]);
    stage.pass(0.2);
    expect(stage.told()).toEqual(['escalated i-17 wh-2']);
    stage.restart();
    stage.pass(2);
    expect(stage.told()).toEqual([]);
  });

  it('gives people the whole time again when it comes back after a silence', () => {
    const stage = escalating();
    stage.change(cutProvider({ silencedUntilMs: stage.nowMs + 3_600_000 }));
    stage.pass(30);
    stage.take('resumed', cutProvider());
    expect(stage.told()).toEqual(['resumed i-17 wh-1']);
    stage.pass(4.5);
    expect(stage.told()).toEqual([]);
    stage.pass(1);
    expect(stage.told()).toEqual(['escalated i-17 wh-2']);
  });

  it('gives no new time to what goes up and down', () => {
    const stage = escalating();
    for (let turn = 0; turn < 3; turn += 1) {
      stage.change(cutProvider({ severity: 'warning' }));
      stage.pass(1);
      stage.take('raised', cutProvider());
      stage.pass(1);
    }
    expect(stage.told()).toEqual(['escalated i-17 wh-2']);
  });

  it('counts the time that passed, whatever is done to the clock on the wall', () => {
    for (const stepMs of [3_600_000, -3_600_000]) {
      const stage = escalating();
      stage.pass(1);
      stage.wallStepMs = stepMs;
      stage.pass(3.5);
      expect(stage.told()).toEqual([]);
      stage.pass(1);
      expect(stage.told()).toEqual(['escalated i-17 wh-2']);
    }
  });

  it('repeats no step because another one was put before it', () => {
    const stage = escalating();
    stage.pass(6);
    stage.told();
    const earlier = [{ afterMinutes: 2, webhooks: ['wh-3'] }, ...escalation];
    stage.routing = toAll({ webhooks: ['wh-1'], escalation: earlier });
    stage.pass(1);
    expect(stage.told()).toEqual(['escalated i-17 wh-3']);
  });

  it('is told when the disk takes it again', () => {
    const stage = escalating();
    stage.sleep(6);
    stage.tickRefused();
    expect(stage.told()).toEqual([]);
    stage.tick();
    expect(stage.told()).toEqual(['escalated i-17 wh-2']);
  });
});

describe('a digest', () => {
  const second = jammedPrinter({ id: 'i-19', severity: 'warning', children: 5, peakChildren: 5 });
  const digesting = (): AlertStage => {
    const stage = new AlertStage(1);
    stage.tick();
    stage.take('opened', warning);
    stage.take('opened', second);
    expect(stage.told()).toEqual([]);
    expect(stage.desk.untold().inDigest).toBe(2);
    return stage;
  };

  it('tells warnings together, worst first, when the time has come', () => {
    const stage = digesting();
    stage.pass(14.9);
    expect(stage.told()).toEqual([]);
    stage.pass(0.2);
    expect(stage.told()).toEqual(['digest i-19+i-18 wh-1']);
    expect(stage.events()).toMatchObject([{ kind: 'digest', incident: { id: 'i-19' } }]);
  });

  it('is silent while nothing is new, also over restarts', () => {
    const stage = digesting();
    stage.pass(16);
    stage.told();
    stage.restart();
    stage.pass(60);
    expect(stage.told()).toEqual([]);
    stage.change({ ...second, peakChildren: 9, children: 9 });
    stage.pass(16);
    expect(stage.told()).toEqual(['digest i-19 wh-1']);
  });

  it('says nothing of the end of what it listed', () => {
    const stage = digesting();
    stage.pass(16);
    stage.told();
    stage.take('acknowledged', { ...warning, acknowledgedAtMs: stage.nowMs });
    stage.take('resolved', over(warning));
    expect(stage.told()).toEqual([]);
  });

  it('leaves out what is over, put off or silenced', () => {
    const stage = digesting();
    stage.take('resolved', over(warning));
    stage.change({ ...second, snoozedUntilMs: Number.MAX_SAFE_INTEGER });
    stage.pass(20);
    expect(stage.told()).toEqual([]);
  });

  it('does not hold back what is critical or becomes so', () => {
    const stage = digesting();
    stage.take('opened', cutProvider());
    stage.take('raised', { ...second, severity: 'critical' });
    expect(stage.told()).toEqual(['opened i-17 wh-1', 'opened i-19 wh-1']);
    stage.pass(16);
    expect(stage.told()).toEqual(['digest i-18 wh-1']);
  });

  it('keeps its time over a restart of the collector', () => {
    const stage = digesting();
    stage.pass(14);
    stage.restart();
    stage.pass(0.9);
    expect(stage.told()).toEqual([]);
    stage.pass(0.2);
    expect(stage.told()).toEqual(['digest i-19+i-18 wh-1']);
  });
});
