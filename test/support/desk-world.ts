import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { plannedWorkstations, type EnrolmentEnd } from '@ppe-pulse/protocol';
import {
  readCredential,
  readEnrolmentFile,
  type EnrolmentFile,
} from '@ppe-pulse/protocol/enrolment';
import { enrolmentKeys } from '../../agent/src/enrolment/enrolment-keys.ts';
import { makeRequest } from '../../agent/src/enrolment/make-request.ts';
import type { Identity } from '../../agent/src/platform/identity.ts';
import { agentIdOf } from '../../server/src/access/keys.ts';
import { createCodeStore } from '../../server/src/enrolment/code-store.ts';
import { EnrolmentDesk, type FileOutcome } from '../../server/src/enrolment/enrolment-desk.ts';
import { shownState, undecidedOf } from '../../server/src/enrolment/enrolment-code.ts';
import { createLog } from '../../server/src/log.ts';
import { createAudit } from '../../server/src/state/audit.ts';
import { createEnrolments } from '../../server/src/state/enrolments.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { collector, collectorId, fixedIdentity } from './enrolment-documents.ts';
import { aPlan, aRegion, aSite } from './plans.ts';
import { tempDir } from './temp-dir.ts';

export const startMs = Date.parse('2024-05-12T09:00+07:00');
export const endMs = Date.parse('2024-05-17T00:00+07:00');
export const [hq, one, other, third] = [
  fixedIdentity(11),
  fixedIdentity(12),
  fixedIdentity(13),
  fixedIdentity(14),
];

export const place = { siteCode: '4216', roomCode: '0012', role: 'kege', duty: 'main' } as const;
const hqPlace = { siteCode: '4216', roomCode: '7777', role: 'hq', duty: 'main' } as const;
const site = aSite({
  rooms: [
    { ...room('7777'), workstations: plannedWorkstations(hqPlace, 1) },
    { ...room('0012'), workstations: plannedWorkstations(place, 2) },
  ],
});

function room(code: string) {
  return { code, purposes: ['kege'] as const, seats: null, cameras: 0 };
}

/** A desk over real tables, at a clock that a test turns. */
export function desk(path = join(tempDir(), 'state.db')) {
  const database = openState(path);
  onTestFinished(() => database.close());
  const enrolments = createEnrolments(database);
  const audit = createAudit(database);
  const world = { nowMs: startMs, isTlsOnly: false, joined: [] as string[], left: [] as string[] };
  const enrolment = new EnrolmentDesk({
    codes: createCodeStore(database),
    enrolments,
    audit,
    key: { id: collectorId, publicKey: collector.publicKey, sign: (text) => collector.sign(text) },
    log: createLog('silent'),
    nowMs: () => world.nowMs,
    region: () => ({ ...aRegion(), timeZone: 'Asia/Novokuznetsk', sites: [site] }),
    plan: () => aPlan({ date: '2024-05-15' }),
    authority: () => undefined,
    systemRoots: () => false,
    urls: () => ['wss://pulse.example:8443'],
    isTlsOnly: () => world.isTlsOnly,
    transaction: (work) => database.transaction(work),
    joined: (id) => world.joined.push(id),
    left: (id: string, siteCode: string, how: EnrolmentEnd) =>
      world.left.push(`${id} ${siteCode} ${how}`),
  });
  const ask = async (file: EnrolmentFile, at: number, who: Identity, siteCode = file.siteCode) => {
    const wanted = file.places[at];
    if (!wanted) throw new Error(`the file has no place ${at}`);
    const answer = await enrolment.take(makeRequest({ ...file, siteCode }, wanted, who), 'line');
    if (answer.kind === 'refused') return answer.because;
    const parties = { collectorKey: collector.publicKey, publicKey: who.publicKey };
    const reading = readCredential(JSON.stringify(answer.credential), parties, enrolmentKeys);
    if (reading.kind === 'refused') throw new Error(reading.because);
    return reading.value;
  };
  const states = (): string[] =>
    enrolment.list({ limit: 100 }).map((code) => shownState(code, world.nowMs));
  const actions = (): string[] =>
    audit
      .list(100)
      .map(({ action }) => action)
      .toReversed();
  /** Who waits at a place of a file, as ids. */
  const waiting = (file: EnrolmentFile, at: number): string[] => {
    const code = enrolment.list({ limit: 100 }).find(({ codeId }) => codeId === codeIdOf(file, at));
    return code ? undecidedOf(code, world.nowMs).map(({ publicKey }) => agentIdOf(publicKey)) : [];
  };
  const decide = (how: 'approve' | 'reject', file: EnrolmentFile, at: number, who: Identity) =>
    enrolment[how]({
      codeId: codeIdOf(file, at),
      workstationId: who.agentId,
      account: 'duty',
    });
  return { enrolment, enrolments, world, ask, states, actions, waiting, decide, database, path };
}

function codeIdOf(file: EnrolmentFile, at: number): string {
  return file.places[at]?.codeId ?? '';
}

export function fileOf(outcome: FileOutcome): EnrolmentFile {
  if (outcome.kind === 'refused') throw new Error(outcome.because);
  const reading = readEnrolmentFile(JSON.stringify(outcome.document), enrolmentKeys);
  if (reading.kind === 'refused') throw new Error(reading.because);
  return reading.value;
}

export const created = ({ enrolment }: ReturnType<typeof desk>, more: object = {}): EnrolmentFile =>
  fileOf(enrolment.createFile({ siteCode: '4216', ...more }, 'admin'));
