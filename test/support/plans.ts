import {
  planOf,
  type Plan,
  type Region,
  type Room,
  type RoomPurpose,
  type Site,
} from '@ppe-pulse/protocol';

/** A plan of one written exam of today's form, with what a test changes. */
export function aPlan(changes: Partial<Plan> = {}): Plan {
  return {
    ...planOf({
      id: 'test',
      title: 'Апробация',
      date: '2026-05-20',
      participants: { kinds: ['ppe-main', 'rcoi'] },
      technologies: ['print-full-set'],
      exams: [{ subject: 'russian', kind: 'written', durationMinutes: 210 }],
    }),
    ...changes,
  };
}

/** A ППЭ of the main period with rooms for these purposes. */
export function aSite(
  changes: Partial<Site> = {},
  purposes: readonly RoomPurpose[] = ['written'],
): Site {
  return {
    code: '4216',
    kind: 'ppe',
    period: 'main',
    commission: null,
    name: 'Школа № 1',
    municipality: 'kemerovo',
    address: '',
    timeZone: null,
    isRemote: false,
    provider: null,
    contractBytesPerSecond: null,
    dutyPhone: null,
    rooms: purposes.map((purpose, index) => aRoom(String(index + 1).padStart(4, '0'), purpose)),
    ...changes,
  };
}

function aRoom(code: string, purpose: RoomPurpose): Room {
  return { code, purposes: [purpose], seats: 15, cameras: 2, workstations: [] };
}

/** A region of one ППЭ of each period and two more of the main one, and the РЦОИ. */
export function aRegion(): Region {
  return {
    isSample: false,
    timeZone: 'Asia/Novokuznetsk',
    municipalities: [{ slug: 'kemerovo', name: 'Кемерово', kind: 'ГО', tile: null }],
    sites: [
      aSite({ code: '0042' }),
      aSite({ code: '1001', period: 'early' }),
      aSite({ code: '4216' }),
      aSite({ code: '9001', kind: 'rcoi', period: null }),
    ],
  };
}

/** The shortest plan that says something, eight lines. */
export const shortPlan = `id: short
title: Апробация
date: 2026-05-20
# Один экзамен
exams: [{ subject: russian, kind: written, durationMinutes: 210 }]
participants:
  kinds: [ppe-main, rcoi]
  only: ["0042"]
`;
