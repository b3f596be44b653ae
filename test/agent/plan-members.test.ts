import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentPlan, KnownWorkstation } from '@ppe-pulse/protocol';
import { isSignedBy, openIdentity } from '../../agent/src/platform/identity.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { MemberPlans } from '../../agent/src/relay/member-plans.ts';
import { newIdentity } from '../support/agent-peer.ts';
import { agentPlan, signedPlan } from '../support/agent-plans.ts';
import { memberOf } from '../support/headquarters.ts';
import { tempDir } from '../support/temp-dir.ts';

const collector = newIdentity();
const [one, other] = [newIdentity(), newIdentity()];
async function plans(dataDir = tempDir()) {
  // The relay's own key lies in the same folder.
  const identity = await openIdentity(dataDir);
  const members = new Map<string, KnownWorkstation>(
    [one, other].map((each) => [each.agentId, memberOf(each)]),
  );
  const roster = { isKnown: true, member: (id: string) => members.get(id) };
  const log = createLog('silent');
  const parts = { dataDir, collectorKey: collector.publicKey, identity, log, roster };
  const file = (id: string) => join(dataDir, 'member-plans', `${id}.json`);
  return { plans: new MemberPlans(parts), members, roster, dataDir, identity, file };
}
const signed = (id: string, part: Partial<AgentPlan> = {}) =>
  signedPlan(collector, agentPlan(id, part));

describe('plans of a relay’s members', () => {
  it('go on with their very text, signed by the relay', async () => {
    const { plans: held, identity } = await plans();
    const came = signed(one.agentId);
    expect(held.take(one.agentId, came)).toBe(true);
    const frame = held.frameFor(one.agentId);
    expect(frame?.text).toBe(came.text);
    expect(isSignedBy(identity.publicKey, came.text, frame?.signature ?? '')).toBe(true);
    expect(held.frameFor(other.agentId)).toBeUndefined();
  });

  it('are there after a restart, when no uplink is', async () => {
    const { plans: first, dataDir } = await plans();
    first.take(one.agentId, signed(one.agentId, { version: 4 }));
    const { plans: second } = await plans(dataDir);
    expect(second.frameFor(one.agentId)?.text).toContain('"version":4');
    expect(second.take(one.agentId, signed(one.agentId, { version: 3 }))).toBe(false);
    expect(second.take(one.agentId, signed(one.agentId, { version: 5 }))).toBe(true);
    expect((await plans(dataDir)).plans.frameFor(one.agentId)?.text).toContain('"version":5');
  });

  it.each([
    [
      'that the collector did not sign',
      one.agentId,
      signedPlan(newIdentity(), agentPlan(one.agentId)),
    ],
    ['for one that is addressed to another', one.agentId, signed(other.agentId)],
    ['of a stranger', 'w-00000000000000ff', signed('w-00000000000000ff')],
  ])('%s are not taken', async (_, agentId, came) => {
    const { plans: held, file } = await plans();
    expect(held.take(agentId, came)).toBe(false);
    expect(held.frameFor(agentId)).toBeUndefined();
    expect(existsSync(file(agentId))).toBe(false);
  });

  it('that were changed on the disk are no plans', async () => {
    const { plans: held, dataDir, file } = await plans();
    held.take(one.agentId, signed(one.agentId));
    held.take(other.agentId, signed(other.agentId));
    const text = readFileSync(file(one.agentId), 'utf8');
    writeFileSync(file(one.agentId), text.replace('09:15', '00:15'));
    // One member's plan under another's name.
    writeFileSync(file(other.agentId), text);
    const { plans: again } = await plans(dataDir);
    expect(again.frameFor(one.agentId)).toBeUndefined();
    expect(again.frameFor(other.agentId)).toBeUndefined();
  });

  it('go with their member, and stay while nobody knows who is one', async () => {
    const { plans: held, members, roster, file } = await plans();
    held.take(one.agentId, signed(one.agentId));
    members.clear();
    roster.isKnown = false;
    held.retain();
    expect(held.frameFor(one.agentId)).toBeDefined();
    roster.isKnown = true;
    held.retain();
    expect([held.frameFor(one.agentId), existsSync(file(one.agentId))]).toEqual([undefined, false]);
  });
});
