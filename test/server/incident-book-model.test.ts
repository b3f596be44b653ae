import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AlertOccasion } from '../../server/src/alerts/alert.ts';
import type { IncidentAction } from '../../server/src/incidents/incident-book.ts';
import { workstationId } from '../support/rows.ts';
import { BookWorld, MINUTE_MS } from './incident-world.ts';

/** The engine, the clock, the disk, the power and people, each as it likes. */
type Step =
  | { readonly kind: 'open'; readonly room: number }
  | { readonly kind: 'raise' | 'change' | 'heal' | 'act'; readonly which: number }
  | { readonly kind: 'silence'; readonly room: number; readonly minutes: number }
  | { readonly kind: 'end'; readonly which: number }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'disk'; readonly isFull: boolean }
  | { readonly kind: 'restart' };

const small = fc.integer({ min: 0, max: 3 });
const minutes = fc.integer({ min: 1, max: 20 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('open' as const), room: small }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('raise' as const, 'change' as const, 'heal' as const, 'act' as const),
      which: fc.nat(40),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('silence' as const), room: small, minutes }),
  },
  fc.record({ kind: fc.constant('end' as const), which: fc.integer({ min: 1, max: 6 }) }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes }) },
  fc.record({ kind: fc.constant('disk' as const), isFull: fc.boolean() }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

/** A world whose receivers remember over restarts. */
class Played {
  readonly world = new BookWorld();
  readonly #earlier: AlertOccasion[] = [];

  get occasions(): readonly AlertOccasion[] {
    return [...this.#earlier, ...this.world.desk.taken];
  }

  take(step: Step): void {
    const { world } = this;
    switch (step.kind) {
      case 'open': {
        const number = world.engine.parts.nextNumber();
        const roomCode = `000${step.room}`;
        const node = `station:${workstationId(number)}`;
        world.says('opened', { id: `i-${number}`, roomCode, node, workstationId: null });
        break;
      }
      case 'raise':
      case 'change':
      case 'heal':
        this.#engine(step.kind, step.which);
        break;
      case 'act': {
        const open = world.book.open();
        const id = open[step.which % Math.max(1, open.length)]?.id;
        const action = actions(world.clock.wallMs)[step.which % 7];
        // Few requests: people click twice, also on another incident.
        if (id && action) world.book.act(id, action, world.by(`request-${step.which % 9}`));
        break;
      }
      case 'silence': {
        const node = step.room === 0 ? 'site:4216' : `room:4216-000${step.room}`;
        const fromMs = world.clock.wallMs + (step.minutes % 3) * MINUTE_MS;
        const toMs = fromMs + step.minutes * MINUTE_MS;
        const draft = { kind: 'silence', node, checkId: null, fromMs, toMs, comment: 'x' } as const;
        world.book.addSilence(draft, world.by());
        break;
      }
      case 'end':
        world.book.endSilence(`s-${step.which}`, world.by());
        break;
      case 'wait':
        world.pass(step.minutes * MINUTE_MS);
        break;
      case 'disk':
        world.isFull = step.isFull;
        break;
      case 'restart':
        world.book.close();
        this.#earlier.push(...world.desk.taken);
        world.start();
        break;
    }
  }

  #engine(kind: 'raise' | 'change' | 'heal', which: number): void {
    const { world } = this;
    const open = world.engine.open();
    const id = open[which % Math.max(1, open.length)]?.id;
    if (!id) return;
    if (kind === 'raise') world.says('raised', { id, severity: 'critical' });
    else if (kind === 'change') world.says('changed', { id, children: which + 1 });
    else world.says('resolved', { id, resolvedAtMs: world.clock.wallMs, resolution: 'healed' });
  }
}

function actions(nowMs: number): IncidentAction[] {
  return [
    { kind: 'ack' },
    { kind: 'assign', assignee: 'provider' },
    { kind: 'comment', note: 'смотрю' },
    { kind: 'call', outcome: 'busy', note: '' },
    { kind: 'snooze', untilMs: nowMs + 7 * MINUTE_MS },
    { kind: 'snooze', untilMs: null },
    { kind: 'resolve', resolution: 'fixed', note: '' },
  ];
}

/** What must hold whenever everything is written. */
function check({ world, occasions }: Played): void {
  const open = world.book.open();
  expect(open.map(({ id }) => id)).toEqual(world.engine.open().map(({ id }) => id));
  const written = world.book.list({ state: 'all', limit: 1_000 });
  expect(written.filter(({ resolvedAtMs }) => resolvedAtMs === null).toReversed()).toEqual(open);
  for (const incident of written) {
    // Of what a silence covers the desk tells nothing but the end.
    const told = occasions
      .filter(({ incident: { id } }) => id === incident.id)
      .filter((each) => each.incident.silencedUntilMs === null || each.kind === 'resolved')
      .map(({ kind }) => kind);
    const closings = told.filter((kind) => kind === 'resolved');
    expect(told.filter((kind) => kind === 'opened').length).toBeLessThanOrEqual(1);
    expect(closings).toHaveLength(incident.resolvedAtMs === null ? 0 : 1);
    if (closings.length > 0) expect(told.at(-1)).toBe('resolved');
    const isLoud = incident.silencedUntilMs === null && incident.snoozedUntilMs === null;
    // Nobody may be left in the belief that all is well.
    if (incident.resolvedAtMs === null && isLoud)
      expect(told.some((kind) => kind === 'opened' || kind === 'resumed')).toBe(true);
    const log = world.book.logOf(incident.id);
    expect(log[0]?.kind).toBe('opened');
    const notes = log.filter(({ kind }) => kind === 'comment' || kind === 'call');
    expect(incident.notes).toBe(notes.length);
  }
  const covered = open.filter(({ silencedUntilMs }) => silencedUntilMs !== null);
  const holding = world.book.silences().filter(({ covers }) => covers > 0);
  expect(holding.length > 0).toBe(covered.length > 0);
  const requests = world.database.all('SELECT count(*) AS n FROM incident_log GROUP BY request_id');
  expect(requests.length).toBeLessThanOrEqual(10);
  expect(world.book.counts().open).toBe(open.length);
}

it('whatever people, the disk and the power do: nothing is lost, told twice or kept from receivers', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 10, maxLength: 40, size: 'max' }), (steps) => {
      const played = new Played();
      for (const each of steps) {
        played.take(each);
        if (each.kind !== 'restart' && !played.world.isFull) {
          played.world.pass(250);
          check(played);
        }
      }
      played.world.isFull = false;
      played.world.pass(250);
      check(played);
    }),
    { numRuns: 30, seed: 20_260_520 },
  );
});
