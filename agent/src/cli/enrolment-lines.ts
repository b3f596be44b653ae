import type { CloseCodeName } from '@ppe-pulse/protocol';
import type { EnrolmentRecord } from '../enrolment/enrolment-record.ts';
import { untilText } from '../sheet/until-text.ts';

/** What a listener says no with, for a person at the PC. */
const refusals: Partial<Record<CloseCodeName, string>> = {
  notEnrolled: 'рабочее место не зарегистрировано / not enrolled',
  revoked: 'регистрация отозвана, запросите новый код / enrolment revoked, ask for a new code',
  expired: 'срок регистрации истёк, нужен новый файл / enrolment over, a new file is needed',
  cloned: 'тот же ключ на другом компьютере / the same key is on another PC',
  notAuthenticated: 'ключ не подходит / the key does not fit',
  wrongCollector: 'это не наш коллектор / this is not our collector',
};

/** Lines of `status` and `check` on the enrolment of this PC, in both languages. */
export function enrolmentLines(
  enrolment: EnrolmentRecord | undefined,
  refusal: CloseCodeName | null,
  timeZone: string | undefined,
): string[] {
  return [...(enrolment ? [untilLine(enrolment, timeZone)] : []), ...refusalLines(refusal)];
}

function untilLine({ state, validToMs }: EnrolmentRecord, timeZone: string | undefined): string {
  const until = untilText(validToMs, 'ru', timeZone);
  // Approved or not: the collector knows, and tells by letting it in.
  const waits = state === 'pending' ? ', ждёт одобрения / waits for approval' : '';
  return `Регистрация / enrolment        до / until ${until}${waits}`;
}

function refusalLines(refusal: CloseCodeName | null): string[] {
  return refusal === null ? [] : [`ОТКАЗ / refused               ${refusals[refusal] ?? refusal}`];
}
