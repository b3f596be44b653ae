import { describe, expect, it, onTestFinished } from 'vitest';
import type { Incident, Overview, ToBoard, Verdict } from '@ppe-pulse/protocol';
import type { Collector } from '../../server/src/collector.ts';
import { AgentPeer, enrol, newIdentity, type PeerIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { ok, until, watching } from '../support/rehearsal.ts';
import { tempDir } from '../support/temp-dir.ts';

/** Twenty seconds of a fault in less than four. */
const rehearsal = { startAt: '2024-05-15T08:50+07:00', speed: 6 };
const env = { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' };

interface Page {
  readonly items: readonly (Incident & {
    readonly openedAt: string;
    readonly resolvedAt?: string;
  })[];
}

/** A workstation whose printer is as a test says, heard once a second. */
class PrinterPeer {
  verdict: Verdict = 'fail';
  #seq = 0;
  readonly #peer: AgentPeer;

  static async join(collector: Collector, identity: PeerIdentity): Promise<PrinterPeer> {
    return new PrinterPeer(await AgentPeer.join(collector.url, identity));
  }

  private constructor(peer: AgentPeer) {
    this.#peer = peer;
    this.#beat();
    const timer = setInterval(() => this.#beat(), 1_000);
    onTestFinished(() => clearInterval(timer));
  }

  #beat(): void {
    if (this.#peer.closeCode !== undefined) return;
    const reason = this.verdict === 'ok' ? 'ok' : 'printerJam';
    const check = { id: 'printer.state', verdict: this.verdict, reason, evidence: {}, ageMs: 0 };
    this.#seq += 1;
    this.#peer.send(this.#peer.heartbeat(this.#seq, { verdicts: [check] }));
  }
}

const incidentsOf = async (collector: Collector, state: string): Promise<Page['items']> =>
  (await ok<Page>(collector, `/api/v1/incidents?state=${state}`)).items;

function post(collector: Collector, path: string, body: object) {
  return api(collector, `/api/v1/${path}`, { method: 'POST', body });
}

/** Incidents of a frame, of whatever kind it is. */
function incidentsIn(frame: ToBoard): readonly Incident[] {
  return frame.type === 'snapshot' || frame.type === 'delta' ? frame.incidents : [];
}

describe('incidents of a collector', { timeout: 90_000 }, () => {
  it('are live on a board, taken once, known after a restart, and end when the fault does', async () => {
    const dataDir = tempDir();
    const first = await testCollector({ dataDir, rehearsal }, env);
    const identity = newIdentity();
    await enrol(first, identity);
    const board = await watching(first);
    const snapshot = await board.next(({ type }) => type === 'snapshot');
    expect(snapshot).toMatchObject({ incidents: [], silences: [] });
    await PrinterPeer.join(first, identity);

    const shown = await board.next((frame) => incidentsIn(frame).length > 0);
    expect(incidentsIn(shown)).toMatchObject([
      { id: 'i-1', kind: 'printer.state', reason: 'printerJam', workstationId: identity.agentId },
    ]);
    const [open] = await incidentsOf(first, 'open');
    expect(open).toMatchObject({ id: 'i-1', acknowledgedAtMs: null });
    const { incidents } = await ok<Overview>(first, '/api/v1/overview');
    expect(incidents.open).toBe(1);

    const clicks = await Promise.all(
      ['click-0001', 'click-0001', 'click-0002'].map((requestId) =>
        post(first, 'incidents/i-1/ack', { requestId }),
      ),
    );
    expect(clicks.map(({ status }) => status)).toEqual([200, 200, 200]);
    await board.next((frame) => incidentsIn(frame)[0]?.acknowledgedBy === 'admin');
    const call = { outcome: 'noAnswer', note: 'Штаб, не отвечают', requestId: 'call-0001' };
    expect(await post(first, 'incidents/i-1/call', call)).toMatchObject({ status: 200 });
    await board.next((frame) => incidentsIn(frame)[0]?.notes === 1);
    const to = new Date(Date.now() + 3_600_000).toISOString();
    const silence = { node: 'site:0042', to, comment: 'меняют принтер' };
    expect(await post(first, 'silences', silence)).toMatchObject({ status: 201 });
    await board.next((frame) => frame.type === 'delta' && frame.silences?.[0]?.covers === 1);
    await first.stop();

    const second = await testCollector({ dataDir, rehearsal }, env);
    const again = await watching(second);
    const known = await again.next(({ type }) => type === 'snapshot');
    expect(incidentsIn(known)).toMatchObject([
      { id: 'i-1', acknowledgedBy: 'admin', notes: 1, openedAtMs: open?.openedAtMs },
    ]);
    const peer = await PrinterPeer.join(second, identity);
    peer.verdict = 'ok';
    await again.next((frame) => frame.type === 'delta' && frame.endedIncidents[0]?.id === 'i-1');
    expect(await incidentsOf(second, 'open')).toEqual([]);
    const { log } = await ok<{ log: readonly { kind: string; by: string }[] }>(
      second,
      '/api/v1/incidents/i-1',
    );
    expect(log.map(({ kind, by }) => `${by} ${kind}`)).toEqual([
      'collector opened',
      'admin ack',
      'admin call',
      'collector silenced',
      'collector resolved',
    ]);
    const audit = await ok<{ items: readonly { action: string }[] }>(second, '/api/v1/audit');
    const actions = audit.items
      .map(({ action }) => action)
      .filter((each) => /incident|silence/.test(each));
    expect(actions.toReversed()).toEqual(['incident.ack', 'incident.call', 'silence.add']);
  });

  it('that a person ended are others when the fault comes back after it healed', async () => {
    const collector = await testCollector({ rehearsal }, env);
    const identity = newIdentity();
    await enrol(collector, identity);
    const peer = await PrinterPeer.join(collector, identity);
    await until(
      () => incidentsOf(collector, 'open'),
      (items) => items.length === 1,
    );
    const resolve = { resolution: 'expected', note: 'печатаем на другом' };
    expect(await post(collector, 'incidents/i-1/resolve', resolve)).toMatchObject({
      status: 200,
      body: { resolution: 'expected' },
    });
    peer.verdict = 'ok';
    const { agentId } = identity;
    await until(
      () => ok<{ verdict: Verdict }>(collector, `/api/v1/workstations/${agentId}`),
      ({ verdict }) => verdict === 'ok',
    );
    expect(await incidentsOf(collector, 'open')).toEqual([]);
    peer.verdict = 'fail';
    const next = await until(
      () => incidentsOf(collector, 'open'),
      (items) => items.length === 1,
    );
    expect(next).toMatchObject([{ id: 'i-2' }]);
  });
});
