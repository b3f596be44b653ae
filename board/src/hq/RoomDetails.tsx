import {
  HEARTBEAT_CHECK,
  verdictWeight,
  type CheckVerdict,
  type HqWorkstation,
} from '@ppe-pulse/protocol';
import {
  adviceFor,
  formatDuration,
  formatEvidence,
  formatValue,
  nameOf,
} from '@ppe-pulse/protocol/texts';
import { reasonText } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { unitOfCheck } from '../workstation/check-texts.ts';
import { coarseAge } from '../rooms/coarse-age.ts';
import { useHqWords, type HqWords } from './hq-words.ts';
import type { Room } from '../rooms/rooms.ts';
import { cloneOf, hearingOf, heartbeatOf, isUpset, ownChecks } from '../rooms/standing.ts';
import { useHqNow } from './use-hq.ts';

/** Everything that is known of a room: each PC's checks, what they rest on, and how old that is. */
export function RoomDetails({ room }: { readonly room: Room<HqWorkstation> }) {
  return (
    <div className="hq-pcs">
      {room.workstations.map((each) => (
        <Pc key={each.id} workstation={each} />
      ))}
    </div>
  );
}

function Pc({ workstation }: { readonly workstation: HqWorkstation }) {
  const words = useHqWords();
  const { hq, page, domain } = words;
  const { nowMs } = useHqNow();
  const clone = cloneOf(workstation);
  const all = [heartbeatOf(workstation), ...(clone ? [clone] : []), ...ownChecks(workstation)];
  const judged = all.filter(({ reason }) => reason !== 'noPlan').sort(worstFirst);
  const waiting = all.filter(({ reason }) => reason === 'noPlan');
  const hearing = hearingOf(workstation);
  return (
    <section className={`hq-pc hq-pc-${hearing}`} data-testid={`pc-${workstation.id}`}>
      <h3>{pcName(words, workstation)}</h3>
      <p className="quiet">{pcFacts(words, workstation, nowMs)}</p>
      {hearing === 'silent' && all.length > 1 && <p className="hq-old">{hq.oldReadings}</p>}
      <ul>
        {judged.map((check) => (
          <CheckLine key={check.id} check={check} isOld={hearing !== 'live'} />
        ))}
      </ul>
      {judged.length === 0 && <p className="quiet">{hq.noChecks}</p>}
      {waiting.length > 0 && (
        <p className="quiet">
          {page.waitingForPlan(waiting.map(({ id }) => nameOf(domain.checks, id)).join(', '))}
        </p>
      )}
    </section>
  );
}

function pcName({ hq, page, domain }: HqWords, { placement, isRelay }: HqWorkstation): string {
  const parts = [domain.roles[placement.role]];
  if (isRelay) parts.push(hq.thisPc);
  if (placement.duty === 'reserve') parts.push(page.reserve);
  if (placement.simulated) parts.push(page.simulated);
  return parts.join(', ');
}

function pcFacts(words: HqWords, workstation: HqWorkstation, nowMs: number | null): string {
  const { hq, language } = words;
  const { carried, lastSeenMs, agentVersion, id } = workstation;
  if (nowMs === null) return id;
  const ago = (ms: number): string => formatDuration(Math.max(0, nowMs - ms), language);
  const coarse = (ms: number): string =>
    coarseAge(Math.max(0, nowMs - ms), language, hq.underMinute);
  const parts = [lastSeenMs === null ? hq.neverHeard : hq.heardAgo(ago(lastSeenMs))];
  if (carried)
    parts.push(hq.fromStickFull(coarse(carried.importedAtMs), coarse(carried.newestAtMs)));
  if (agentVersion !== null) parts.push(`${words.page.agent} ${agentVersion}`);
  return [...parts, id].join(' · ');
}

function CheckLine({ check, isOld }: { readonly check: CheckVerdict; readonly isOld: boolean }) {
  const words = useHqWords();
  const { page, domain, language } = words;
  const { frameAgeMs } = useHqNow();
  const unit = unitOfCheck(check);
  const { value } = check.evidence;
  const parts = [
    typeof value === 'number' && unit !== undefined ? formatValue(value, unit, language) : '',
    formatEvidence(check.evidence, unit, language),
    check.id === HEARTBEAT_CHECK
      ? ''
      : page.ago(formatDuration(check.ageMs + frameAgeMs, language)),
  ];
  return (
    <li className={`hq-check hq-check-${check.verdict}`}>
      <Glyph verdict={check.verdict} label={domain.verdicts[check.verdict]} />
      <div>
        <strong>{nameOf(domain.checks, check.id)}</strong>: {reasonText(words, check.reason)}
        <small className="quiet">{parts.filter(Boolean).join(' · ')}</small>
        {isUpset(check) && !isOld && (
          <p className="hq-advice">{adviceFor(check.id, check.reason, language)}</p>
        )}
      </div>
    </li>
  );
}

function worstFirst(a: CheckVerdict, b: CheckVerdict): number {
  return verdictWeight(b.verdict) - verdictWeight(a.verdict);
}
