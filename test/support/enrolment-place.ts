import type { EnrolmentAnswer } from '../../board/src/enrolment/enrolment-shapes.ts';

/** A place of a file as the collector lists it, changed by `part`. */
export function enrolmentPlace(
  codeId: string,
  part: Partial<EnrolmentAnswer> = {},
): EnrolmentAnswer {
  return {
    codeId,
    siteCode: '4216',
    roomCode: '0012',
    role: 'organizer',
    duty: 'main',
    number: 1,
    state: 'unused',
    askers: [],
    validFrom: '2024-05-07T17:00:00.000Z',
    validTo: '2024-05-15T17:00:00.000Z',
    way: null,
    ...part,
  };
}
