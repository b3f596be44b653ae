import {
  enrolmentRequestText,
  writeCredential,
  MAX_RELAYS,
  type EnrolmentCollector,
  type EnrolmentRequest,
  type SignedDocument,
} from '@ppe-pulse/protocol/enrolment';
import { isAgentKey } from '../access/agent-key.ts';
import { agentIdOf, isSignedBy } from '../access/keys.ts';
import { isCodeProof } from './code-proof.ts';
import type { CodeCounts, CodeQuery } from './code-store.ts';
import { decideEnrolment, type EnrolmentRefusal } from './decide.ts';
import { approve, reject, revoke, type Decided, type PersonOutcome } from './decisions.ts';
import { no, type DeskRefusal } from './desk-refusal.ts';
import { MAX_ASKERS, shownState, type EnrolmentCode, type EnrolmentWay } from './enrolment-code.ts';
import type { EnrolmentParts } from './enrolment-parts.ts';
import { makeFile, placesOf, plainAddress } from './file-maker.ts';
import { note, seatAndTell, type Seating } from './seats.ts';
import { enrolmentValidity } from './validity.ts';

export type TakeOutcome =
  | {
      readonly kind: 'credential';
      readonly credential: SignedDocument;
      readonly state: 'active' | 'pending';
    }
  | { readonly kind: 'refused'; readonly because: EnrolmentRefusal };

/** What a person cannot have. */
export type FileRefusal =
  | 'unknownSite'
  | 'noPlaces'
  | 'nothingToEnrol'
  | 'noAddress'
  | 'plainAddress'
  | 'unknownCode'
  | 'noValidity'
  | 'badValidity'
  | 'validityOver'
  | 'validityTooLong';

export type FileOutcome =
  | { readonly kind: 'file'; readonly document: SignedDocument; readonly places: number }
  | DeskRefusal<FileRefusal>;

/** What a person asks a file with. */
export interface WantedFile {
  readonly siteCode: string;
  /** `YYYY-MM-DD`, whole days of the region's zone. */
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly needsApproval?: boolean;
  /** Instead of the configured addresses. */
  readonly urls?: readonly string[];
  /** Of the Штаб's relay in the LAN: asked by PCs that do not reach the collector. */
  readonly relayUrl?: string;
}

/** Who may be enrolled where: files and codes, what workstations ask, what people decide. */
export class EnrolmentDesk {
  readonly #parts: EnrolmentParts;

  constructor(parts: EnrolmentParts) {
    this.#parts = parts;
  }

  /** Codes that are not history, in the order of places. */
  list(query: CodeQuery): readonly EnrolmentCode[] {
    return this.#parts.codes.list(query, this.#parts.nowMs());
  }

  /** Of all places, whatever is asked of the list. */
  counts(): CodeCounts {
    return this.#parts.codes.counts(this.#parts.nowMs());
  }

  /** A file for the places of a ППЭ that nobody holds; earlier codes for them no longer work. */
  createFile(wanted: WantedFile, account: string): FileOutcome {
    const { region, codes, nowMs } = this.#parts;
    const site = region().sites.find(({ code }) => code === wanted.siteCode);
    if (!site) return no('unknownSite', `site ${wanted.siteCode} is not in the registry`);
    const all = placesOf(site);
    if (all.length === 0)
      return no('noPlaces', `the registry plans no workstations at site ${site.code}`);
    const atMs = nowMs();
    const isHeld = (code: EnrolmentCode): boolean =>
      ['pending', 'active', 'replaceAsked'].includes(shownState(code, atMs));
    const open = all.filter((place) => !codes.ofPlace(place).some(isHeld));
    if (open.length === 0)
      return no('nothingToEnrol', 'every planned place is taken: renew the code of one instead');
    return this.#makeFile({ ...wanted, places: open, action: 'enrolment.file' }, account);
  }

  /** A file with one fresh code for the place of a code; a workstation there stays until it is used. */
  renew(codeId: string, account: string): FileOutcome {
    const code = this.#parts.codes.find(codeId);
    if (!code) return no('unknownCode', `there is no code ${codeId}`);
    const { siteCode } = code.place;
    const { needsApproval } = code;
    const isOver = this.#parts.nowMs() >= code.validToMs;
    const validity = isOver ? undefined : { fromMs: code.validFromMs, toMs: code.validToMs };
    const wanted = { siteCode, needsApproval, places: [code.place], action: 'enrolment.renew' };
    return this.#makeFile({ ...wanted, ...(validity && { validity }) }, account);
  }

  /** A workstation's request, whichever way it came. `account`: the person who brought it. */
  async take(
    request: EnrolmentRequest,
    way: EnrolmentWay,
    account: string | null = null,
  ): Promise<TakeOutcome> {
    const outcome = await this.#take(request, way, account);
    if (outcome.kind === 'credential') return outcome;
    const { codeId, siteCode } = request;
    const { because } = outcome;
    this.#parts.log.warn({ codeId, siteCode, way, because }, 'an enrolment was refused');
    return outcome;
  }

  async #take(
    request: EnrolmentRequest,
    way: EnrolmentWay,
    account: string | null,
  ): Promise<TakeOutcome> {
    const code = this.#proven(request);
    if ('because' in code) return code;
    const { publicKey, siteCode } = request;
    const nowMs = this.#parts.nowMs();
    const hasFreeTwin = code.state !== 'unused' && this.#hasFreeTwin(code);
    const isBarred = this.#isBarred(publicKey);
    const asked = { publicKey, siteCode, hasFreeTwin, isBarred };
    const decision = decideEnrolment(code, asked, nowMs);
    const by = { publicKey, way, account: account ?? code.fileId, nowMs };
    switch (decision.kind) {
      case 'join':
        seatAndTell(this.#parts, code, by);
        break;
      case 'hold':
        this.#hold(code, by);
        break;
      case 'again':
        break;
      case 'ask':
        return { kind: 'refused', because: this.#ask(code, by) };
      case 'refused':
        return decision;
    }
    return this.#credentialOf(this.#parts.codes.find(code.codeId) ?? code);
  }

  /** Lets in one of those who wait at a code. */
  approve(decided: Decided): PersonOutcome {
    return approve(this.#parts, decided);
  }

  /** Does not let in one of those who wait at a code. */
  reject(decided: Decided): PersonOutcome {
    return reject(this.#parts, decided);
  }

  /** Takes the enrolment of a workstation back. */
  revoke(id: string, by: { readonly account: string; readonly note: string }): PersonOutcome {
    return revoke(this.#parts, id, by);
  }

  /** Ends what is over by now. */
  sweep(): void {
    const { enrolments, audit, transaction, nowMs } = this.#parts;
    const atMs = nowMs();
    const over = enrolments.over(atMs).flatMap((id) => enrolments.find(id) ?? []);
    if (over.length === 0) return;
    transaction(() => {
      for (const { id, placement } of over) {
        const { siteCode } = placement;
        if (!enrolments.end(id, 'expired')) continue;
        const action = 'workstation.expire';
        audit.add({ atMs, account: 'collector', action, subject: id, details: { siteCode } });
      }
    });
    for (const { id, placement } of over) this.#parts.left(id, placement.siteCode, 'expired');
  }

  /** The code of a request that holds both proofs. */
  #proven(request: EnrolmentRequest): EnrolmentCode | Extract<TakeOutcome, { kind: 'refused' }> {
    const { codes, key } = this.#parts;
    if (request.collectorId !== key.id) return { kind: 'refused', because: 'otherCollector' };
    const text = enrolmentRequestText(request);
    const code = codes.find(request.codeId);
    if (code?.fileId !== request.fileId || !isCodeProof(code.codeHash, text, request.codeProof))
      return { kind: 'refused', because: 'unknownCode' };
    const isSigned =
      isAgentKey(request.publicKey) && isSignedBy(request.publicKey, text, request.signature);
    return isSigned ? code : { kind: 'refused', because: 'badSignature' };
  }

  /** A key that a person turned away, here or anywhere: a code of the same file is no way around it. */
  #isBarred(publicKey: string): boolean {
    const { codes, enrolments } = this.#parts;
    return codes.isRejected(publicKey) || enrolments.endOf(agentIdOf(publicKey)) === 'revoked';
  }

  #hasFreeTwin({ fileId, place }: EnrolmentCode): boolean {
    return this.#parts.codes
      .ofFile(fileId)
      .some(
        (other) =>
          other.state === 'unused' &&
          other.place.roomCode === place.roomCode &&
          other.place.role === place.role &&
          other.place.duty === place.duty,
      );
  }

  #hold(code: EnrolmentCode, by: Seating): void {
    const { publicKey, way, nowMs } = by;
    const enrolledAtMs = Math.round(nowMs);
    this.#parts.transaction(() => {
      this.#parts.codes.put({ ...code, state: 'pending', holderKey: publicKey, way, enrolledAtMs });
      note(this.#parts, 'enrolment.hold', { code, by });
    });
  }

  /** The board shows it; who asks again while nobody has decided is the same question. */
  #ask(code: EnrolmentCode, by: Seating): 'codeUsed' | 'tooManyAsk' {
    const { publicKey, way, nowMs } = by;
    const isKnown = code.askers.some((asker) => asker.publicKey === publicKey);
    if (isKnown) return 'codeUsed';
    if (code.askers.length >= MAX_ASKERS) return 'tooManyAsk';
    const asker = { publicKey, askedAtMs: Math.round(nowMs), way, isRejected: false };
    this.#parts.transaction(() => {
      this.#parts.codes.putAsker(code.codeId, asker);
      note(this.#parts, 'enrolment.ask', { code, by });
    });
    return 'codeUsed';
  }

  #makeFile(
    wanted: WantedFile & {
      readonly places: Parameters<typeof makeFile>[0]['places'];
      readonly validity?: Parameters<typeof makeFile>[0]['validity'];
      readonly action: string;
    },
    account: string,
  ): FileOutcome {
    const { codes, audit, key, plan, region, nowMs, transaction } = this.#parts;
    const { siteCode, validFrom: from, validTo: to, places, action } = wanted;
    const collector = this.#collector(wanted);
    if (!collector)
      return no('noAddress', 'set enrolment.urls to where agents find this collector');
    const plain = this.#parts.isTlsOnly() ? plainAddress(collector) : undefined;
    if (plain !== undefined)
      return no(
        'plainAddress',
        `${plain} is in the clear, and this collector has TLS: name wss://`,
      );
    const atMs = nowMs();
    const { timeZone } = region();
    const outcome = wanted.validity
      ? ({ kind: 'valid', validity: wanted.validity } as const)
      : enrolmentValidity({ from, to, plan: plan(), timeZone }, atMs);
    if (outcome.kind === 'refused') return no(outcome.reason, outcome.detail);
    const { validity } = outcome;
    const needsApproval = wanted.needsApproval === true;
    const order = { siteCode, places, validity, needsApproval, collector, account, nowMs: atMs };
    const made = makeFile(order, (text) => key.sign(text));
    const isUsed = ({ state }: EnrolmentCode): boolean => state === 'active';
    transaction(() => {
      for (const code of places.flatMap((place) => codes.ofPlace(place)))
        if (action === 'enrolment.file' || !isUsed(code)) codes.put({ ...code, state: 'replaced' });
      for (const code of made.codes) codes.put(code);
      const details = {
        fileId: made.fileId,
        places: places.length,
        validFromMs: validity.fromMs,
        validToMs: validity.toMs,
        needsApproval,
      };
      audit.add({ atMs, account, action, subject: siteCode, details });
    });
    return { kind: 'file', document: made.document, places: places.length };
  }

  #collector({ urls = this.#parts.urls(), relayUrl }: WantedFile): EnrolmentCollector | undefined {
    if (urls.length === 0) return undefined;
    const { id, publicKey } = this.#parts.key;
    const authority = this.#parts.authority();
    const { caPem = null, pins = [] } = authority ?? {};
    const relay = relayUrl === undefined ? {} : { relayUrl };
    const roots = this.#parts.systemRoots() ? ({ systemRoots: true } as const) : {};
    return { id, publicKey, urls: [...urls], ...relay, caPem, pins: [...pins], ...roots };
  }

  async #credentialOf(code: EnrolmentCode): Promise<TakeOutcome> {
    const { key, authority, enrolments } = this.#parts;
    const { place, holderKey, enrolledAtMs, validFromMs, validToMs } = code;
    const { siteCode, roomCode, role, duty } = place;
    const publicKey = holderKey ?? '';
    const state = code.state === 'pending' ? 'pending' : 'active';
    const isRelay = role === 'hq' && state === 'active';
    const validity = { fromMs: validFromMs, toMs: validToMs };
    const issued = isRelay
      ? await authority()?.issueRelay(publicKey, siteCode, validity)
      : undefined;
    const relays = enrolments
      .list()
      .filter(({ placement }) => placement.siteCode === siteCode && placement.role === 'hq')
      .map((each) => each.publicKey)
      .slice(-MAX_RELAYS);
    const credential = writeCredential(
      {
        agentId: agentIdOf(publicKey),
        publicKey,
        placement: { siteCode, roomCode, role, duty, simulated: false },
        collectorId: key.id,
        validFromMs,
        validToMs,
        issuedAtMs: enrolledAtMs ?? validFromMs,
        state,
        relays,
        ...(issued !== undefined && { relayCertificatePem: issued }),
      },
      (text) => key.sign(text),
    );
    return { kind: 'credential', credential, state };
  }
}
