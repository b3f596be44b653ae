import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { limits, type UpdatePart } from '@ppe-pulse/protocol';
import { RefusedUpdate } from '../../server/src/updates/update-refusal.ts';
import { updateLimits } from '../../server/src/updates/update-limits.ts';
import { until } from '../support/processes.ts';
import { agentOf, signedUpdate } from '../support/rollout-fleet.ts';
import { RolloutWorld } from '../support/rollout-world.ts';
import { workstationId as idOf } from '../support/rows.ts';

const site = { kind: 'site', siteCode: '0042' } as const;
const kemerovo = { kind: 'municipality', slug: 'kemerovo' } as const;

/** The reason of a refusal. */
function reasonOf(work: () => unknown): string {
  try {
    work();
    return 'done';
  } catch (error) {
    if (error instanceof RefusedUpdate) return error.reason;
    throw error;
  }
}

/** Goes through everything that a good update says. */
function succeed(world: RolloutWorld, id: string): void {
  for (const state of ['fetching', 'staged', 'trial'] as const) world.say(id, state);
  world.change(id, { version: '0.2.0' });
  world.say(id, 'confirmed');
}

function prepared(agents = 3): RolloutWorld {
  const made = new RolloutWorld();
  made.put(...Array.from({ length: agents }, (_, at) => agentOf(at + 1)));
  made.put(agentOf(91, { siteCode: '0043' }), agentOf(92, { siteCode: '0050', municipality: 't' }));
  made.take('0.2.0');
  return made;
}

const actionsOf = (from: RolloutWorld): string[] =>
  from.audit
    .list(50)
    .map(({ action, account }) => `${account} ${action}`)
    .toReversed();

describe('a rollout', () => {
  it('goes a ППЭ, a municipality, all, each begun by a person, and is written down', () => {
    const rollout = prepared();
    const { updates } = rollout;
    rollout.later(3_600_000);
    expect(rollout.offered()).toEqual([]);
    expect(reasonOf(() => updates.begin('0.2.0', kemerovo, 'anna'))).toBe('siteFirst');
    updates.begin('0.2.0', site, 'anna');
    expect(rollout.offered().sort()).toEqual([1, 2, 3].map(idOf));
    for (const number of [1, 2, 3]) succeed(rollout, idOf(number));
    rollout.later(2_000);
    const [first] = updates.stages();
    expect(first?.stage).toMatchObject({ state: 'done', startedBy: 'anna' });
    expect(first?.progress).toMatchObject({ confirmed: 3 });
    // Nobody begins the next one by itself.
    rollout.later(3_600_000);
    expect(rollout.offered()).toEqual([]);
    updates.begin('0.2.0', kemerovo, 'boris');
    expect(rollout.offered()).toEqual([idOf(91)]);
    expect(reasonOf(() => updates.begin('0.2.0', { kind: 'all' }, 'anna'))).toBe('done');
    expect(rollout.offered()).toEqual([idOf(92)]);
    expect(actionsOf(rollout)).toEqual([
      'admin update.add',
      'anna update.begin',
      'collector update.done',
      'boris update.begin',
      'anna update.begin',
    ]);
    expect(updates.stages().map(({ stage }) => stage.state)).toEqual(['running', 'done', 'done']);
  });

  it('pauses by itself when it does harm, and goes on by a person’s word alone', () => {
    const rollout = prepared(20);
    const { updates } = rollout;
    const { stage } = updates.begin('0.2.0', site, 'anna');
    expect(rollout.offered()).toHaveLength(8);
    const ids = [...rollout.agents.keys()].slice(0, 8);
    for (const id of rollout.agents.keys()) if (ids.includes(id)) rollout.say(id, 'fetching');
    rollout.later(2_000);
    const offered = updates.stages()[0]?.progress.fetching ?? 0;
    expect(offered).toBeGreaterThan(0);
    const [one = ''] = ids;
    rollout.say(one, 'trial');
    rollout.say(one, 'rolledBack', 'notConnected');
    rollout.later(2_000);
    expect(updates.stages()[0]).toMatchObject({ stage: { state: 'paused' } });
    rollout.sent.length = 0;
    rollout.later(600_000);
    expect(rollout.offered()).toEqual([]);
    expect(updates.read('0.2.0', 0, ids[1] ?? '')).toBeUndefined();
    expect(updates.troubles()).toMatchObject([
      { target: { workstationId: one, state: 'rolledBack', reason: 'notConnected' } },
    ]);
    expect(reasonOf(() => updates.begin('0.2.0', kemerovo, 'anna'))).toBe('stagePaused');
    updates.goOn(stage.id, 'boris');
    expect(reasonOf(() => updates.goOn(stage.id, 'boris'))).toBe('notPaused');
    rollout.later(2_000);
    // The same trouble pauses it no second time.
    expect(updates.stages()[0]).toMatchObject({ stage: { state: 'running', forgiven: 1 } });
    rollout.say(ids[1] ?? '', 'rolledBack', 'crashed');
    rollout.later(2_000);
    expect(updates.stages()[0]).toMatchObject({ stage: { state: 'paused' } });
    expect(actionsOf(rollout).filter((each) => each.startsWith('collector'))).toEqual([
      'collector update.pause',
      'collector update.pause',
    ]);
  });

  it('pauses for those that fell silent after they took it', () => {
    const rollout = prepared(1);
    rollout.updates.begin('0.2.0', site, 'anna');
    rollout.say(idOf(1), 'staged');
    rollout.change(idOf(1), { isHere: false, canUpdate: false });
    rollout.later(2_000);
    rollout.later(updateLimits.silentMs - 1);
    expect(rollout.updates.stages()[0]?.stage.state).toBe('running');
    rollout.later(1);
    expect(rollout.updates.stages()[0]).toMatchObject({
      stage: { state: 'paused' },
      progress: { silent: 1 },
    });
  });

  it('stops for good at a person’s word: nothing is offered and no byte is sent', () => {
    const rollout = prepared();
    const { stage } = rollout.updates.begin('0.2.0', site, 'anna');
    expect(rollout.updates.read('0.2.0', 0, idOf(1))).toMatchObject({ type: 'updatePart' });
    rollout.sent.length = 0;
    rollout.updates.stop(stage.id, 'anna');
    expect(rollout.updates.read('0.2.0', 0, idOf(1))).toBeUndefined();
    rollout.later(3_600_000);
    expect(rollout.offered()).toEqual([]);
    expect(reasonOf(() => rollout.updates.stop(stage.id, 'anna'))).toBe('stageOver');
    expect(reasonOf(() => rollout.updates.stop(77, 'anna'))).toBe('unknownStage');
    expect(reasonOf(() => rollout.updates.begin('9.9.9', site, 'anna'))).toBe('unknownUpdate');
  });

  it('goes on over a restart of the collector with what it knew', () => {
    const rollout = prepared();
    rollout.updates.begin('0.2.0', site, 'anna');
    succeed(rollout, idOf(1));
    rollout.say(idOf(2), 'refused', 'runtimeTooOld');
    rollout.say(idOf(3), 'refused', 'frozen');
    rollout.offered();
    rollout.restart();
    rollout.later(2_000);
    expect(rollout.updates.stages()[0]).toMatchObject({
      stage: { state: 'running', version: '0.2.0' },
      progress: { confirmed: 1, refused: 1, frozen: 1 },
    });
    expect(rollout.offered()).toEqual([]);
    // Whoever said frozen is asked again, whoever cannot is not.
    rollout.later(updateLimits.refusedAgainMs);
    expect(rollout.offered()).toEqual([idOf(3)]);
    rollout.say(idOf(2), 'refused', 'runtimeTooOld');
    expect(rollout.updates.troubles()).toHaveLength(1);
  });

  it('is of one version: words of another are not counted, bytes of another not sent', () => {
    const rollout = prepared();
    rollout.updates.begin('0.2.0', site, 'anna');
    rollout.say(idOf(1), 'rolledBack', 'crashed', '0.1.5');
    rollout.later(2_000);
    expect(rollout.updates.stages()[0]?.progress.rolledBack).toBe(0);
    expect(rollout.updates.read('0.1.5', 0, idOf(1))).toBeUndefined();
    // One that nobody offered it to gets no bytes either.
    expect(rollout.updates.read('0.2.0', 0, idOf(92))).toBeUndefined();
  });
});

describe('the bytes of an update', () => {
  it('come part by part, whole, and none from beyond its end', () => {
    const rollout = new RolloutWorld();
    rollout.put(agentOf(1));
    const agent = randomBytes(100_000);
    rollout.take('0.2.0', agent);
    rollout.updates.begin('0.2.0', site, 'anna');
    const parts: Buffer[] = [];
    let offset = 0;
    for (;;) {
      const part = rollout.updates.read('0.2.0', offset, idOf(1));
      if (part === undefined || part === 'later') break;
      expect(part.data.length).toBeLessThanOrEqual(4 * Math.ceil(limits.updatePartBytes / 3));
      parts.push(Buffer.from(part.data, 'base64'));
      offset += parts.at(-1)?.length ?? 0;
    }
    const bundle = signedUpdate(rollout.signers, {}, agent);
    expect(Buffer.from(bundle).subarray(-offset).equals(Buffer.concat(parts))).toBe(true);
  });

  it('come no faster than the line may bear, and each agent waits for one part', async () => {
    const rollout = new RolloutWorld({ bytesPerSecond: 100_000 });
    rollout.put(agentOf(1), agentOf(2));
    rollout.take('0.2.0', randomBytes(100_000));
    rollout.updates.begin('0.2.0', site, 'anna');
    rollout.sent.length = 0;
    const startedMs = performance.now();
    const answers = [1, 2, 2].map((number) => rollout.updates.read('0.2.0', 0, idOf(number)));
    // What may be sent at once is sent at once; the second one is due a third of a second later.
    expect(answers.map((each) => (each === 'later' ? each : typeof each))).toEqual([
      'object',
      'later',
      'later',
    ]);
    await until(() => rollout.sent.length > 0, 'the part that was due later');
    expect(performance.now() - startedMs).toBeGreaterThan(100);
    expect(rollout.sent).toHaveLength(1);
    const [{ to, message } = { to: '', message: undefined }] = rollout.sent;
    expect([to, (message as UpdatePart).offset]).toEqual([idOf(2), 0]);
  });
});

describe('a relay', () => {
  it('may fetch for its members what it has itself, and not before they were offered it', () => {
    const rollout = new RolloutWorld();
    const [relay, member] = [idOf(1), idOf(2)];
    rollout.put(agentOf(1, { isRelay: true }), agentOf(2, { relayId: relay }));
    rollout.take('0.2.0');
    rollout.updates.begin('0.2.0', site, 'anna');
    expect(rollout.offered()).toEqual([relay]);
    succeed(rollout, relay);
    expect(rollout.updates.read('0.2.0', 0, relay)).toBeUndefined();
    rollout.later(2_000);
    expect(rollout.offered()).toEqual([member]);
    expect(rollout.updates.read('0.2.0', 0, relay)).toMatchObject({ offset: 0 });
    expect(rollout.updates.stages()[0]?.progress).toMatchObject({ confirmed: 1, offered: 1 });
    succeed(rollout, member);
    rollout.later(2_000);
    expect(rollout.updates.stages()[0]).toMatchObject({ stage: { state: 'done' } });
    expect(rollout.updates.read('0.2.0', 0, relay)).toBeUndefined();
  });
});

describe('the shelf of bundles', () => {
  it('takes a version once, and writes down what it did not take', () => {
    const rollout = prepared();
    expect(reasonOf(() => rollout.take('0.2.0'))).toBe('sameVersion');
    const forged = signedUpdate(rollout.signers.slice(0, 1), { version: '0.3.0' });
    expect(reasonOf(() => rollout.shelf.add(forged, 'anna'))).toBe('tooFewSignatures');
    expect(rollout.audit.list(2)).toMatchObject([
      { action: 'update.reject', subject: 'tooFewSignatures', account: 'anna' },
      { action: 'update.reject', subject: 'sameVersion' },
    ]);
    expect(rollout.shelf.list().map(({ version }) => version)).toEqual(['0.2.0']);
  });

  it('keeps so many, and every one that a stage is of', () => {
    const rollout = prepared();
    rollout.updates.begin('0.2.0', site, 'anna');
    for (let minor = 3; minor < 3 + updateLimits.bundles + 5; minor += 1) {
      rollout.nowMs += 1_000;
      rollout.take(`0.${minor}.0`);
    }
    const versions = rollout.shelf.list().map(({ version }) => version);
    expect(versions).toHaveLength(updateLimits.bundles + 1);
    expect(versions).toContain('0.2.0');
    expect(versions).not.toContain('0.3.0');
  });
});
