import {
  HQ_ROOM_CODE,
  plannedWorkstations,
  type Duty,
  type PlannedPlace,
  type PlannedWorkstation,
  type Region,
  type Role,
  type Room,
  type RoomPurpose,
  type Site,
} from '@ppe-pulse/protocol';
import { hashOf, pick, unit } from '../simulate/random.ts';
import { KUZBASS_TIME_ZONE, kuzbassMunicipalities } from './kuzbass-municipalities.ts';

/** What a sample is made of. */
export interface SamplePlan {
  /** ППЭ, 1–6,000. */
  readonly ppe: number;
  /** The same seed is the same region. */
  readonly seed: number;
}

export const SAMPLE_PPE_MAX = 6_000;
/** Sizes that ППЭ have: 3…25 rooms, 10.8 on average. */
const ROOMS_MIN = 3;
const ROOMS_MAX = 25;
const ROOMS_MEAN = 10.8;
/** Two cameras a room. */
const CAMERAS = 2;
/** Seats of a room for a written exam; informatics and speaking have a workstation a seat. */
const WRITTEN_SEATS = 15;
const KEGE_SEATS = 10;
const SPEAKING_SEATS = 4;
/** Invented; when one of them is cut, many ППЭ are silent at once. */
const providers = ['Связь-1', 'Связь-1', 'Связь-2', 'Связь-2', 'Связь-3', 'Связь-4'] as const;
const CITY_BYTES_PER_SECOND = 12_500_000;
const VILLAGE_BYTES_PER_SECOND = 6_250_000;
/** Large towns hold so many times the ППЭ of a small municipality. */
const weights: Readonly<Record<string, number>> = {
  kemerovo: 14,
  novokuznetsk: 14,
  prokopyevsk: 6,
  'leninsk-kuznetsky': 4,
  kiselevsk: 4,
  mezhdurechensk: 4,
  belovo: 4,
  yurga: 3,
  'anzhero-sudzhensk': 3,
};

/** An invented region over the real municipalities, marked as a sample. Pure. */
export function sampleRegion(plan: SamplePlan): Region {
  const homes = municipalitiesOfSites(plan.ppe);
  const rooms = roomsBySite(plan);
  const codes = siteCodes(plan);
  const ppe = homes.map((municipality, at) =>
    sampleSite({ seed: plan.seed, code: codes[at] ?? '', municipality, rooms: rooms[at] ?? 0 }),
  );
  return {
    isSample: true,
    timeZone: KUZBASS_TIME_ZONE,
    municipalities: kuzbassMunicipalities,
    sites: [...ppe, ...centralSites()].sort((a, b) => (a.code < b.code ? -1 : 1)),
  };
}

/** The largest remainder of each municipality's weight; all have one before any has three. */
function municipalitiesOfSites(count: number): string[] {
  const weighed = kuzbassMunicipalities.map(({ slug }) => ({ slug, weight: weights[slug] ?? 1 }));
  const given = new Map<string, number>();
  return Array.from({ length: count }, () => {
    let next = weighed[0]?.slug ?? '';
    let least = Number.POSITIVE_INFINITY;
    for (const { slug, weight } of weighed) {
      const asked = ((given.get(slug) ?? 0) + 0.5) / weight;
      if (asked < least) [next, least] = [slug, asked];
    }
    given.set(next, (given.get(next) ?? 0) + 1);
    return next;
  });
}

/** Many small ones, few large ones, and together what the average says. */
function roomsBySite({ ppe, seed }: SamplePlan): number[] {
  const sizes = Array.from({ length: ppe }, (_, at) => {
    // The square of a uniform number has a mean of a third.
    const spread = unit(hashOf(`${seed} sample rooms ${at}`), 'size') ** 2;
    const size = Math.round(ROOMS_MIN + (ROOMS_MEAN - ROOMS_MIN) * 3 * spread);
    return Math.min(ROOMS_MAX, Math.max(ROOMS_MIN, size));
  });
  let missing = Math.round(ppe * ROOMS_MEAN) - sizes.reduce((sum, size) => sum + size, 0);
  for (let at = 0; missing !== 0; at = (at + 1) % ppe) {
    const step = Math.sign(missing);
    const size = (sizes[at] ?? 0) + step;
    if (size < ROOMS_MIN || size > ROOMS_MAX) continue;
    sizes[at] = size;
    missing -= step;
  }
  return sizes;
}

/** Codes of four digits with gaps, as real ones have: 0001…8999, in rising order. */
function siteCodes({ ppe, seed }: SamplePlan): string[] {
  const step = 8_999 / ppe;
  return Array.from({ length: ppe }, (_, at) => {
    const within = unit(hashOf(`${seed} sample code ${at}`), 'code');
    return String(1 + Math.floor(at * step + within * Math.max(0, step - 1))).padStart(4, '0');
  });
}

interface SampleSite {
  readonly seed: number;
  readonly code: string;
  readonly municipality: string;
  readonly rooms: number;
}

function sampleSite({ seed, code, municipality, rooms }: SampleSite): Site {
  const salt = hashOf(`${seed} sample site ${code}`);
  const home = kuzbassMunicipalities.find(({ slug }) => slug === municipality);
  const isVillage = home?.kind !== 'ГО';
  const number = Number(code);
  return {
    code,
    kind: 'ppe',
    period: unit(salt, 'period') < 0.1 ? 'early' : 'main',
    commission: null,
    name: `Школа № ${number} (пример)`,
    municipality,
    address: `${home?.name ?? ''} ${home?.kind ?? ''}, ул. Примерная, ${1 + (salt % 90)}`,
    timeZone: null,
    isRemote: isVillage && unit(salt, 'remote') < 0.3,
    provider: pick(salt, 'provider', providers),
    contractBytesPerSecond: isVillage ? VILLAGE_BYTES_PER_SECOND : CITY_BYTES_PER_SECOND,
    // 555-01-xx is nobody's: numbers for stories.
    dutyPhone: `+7 384 555-01-${String(salt % 100).padStart(2, '0')}`,
    rooms: [...examRooms(code, salt, rooms), headquarters(code)],
  };
}

/** The last rooms of a ППЭ that is not small are for informatics and for speaking. */
function examRooms(siteCode: string, salt: number, count: number): Room[] {
  const hasKege = count >= 6 && unit(salt, 'kege') < 0.5;
  const hasSpeaking = count >= 5 && unit(salt, 'speaking') < 0.4;
  return Array.from({ length: count }, (_, at) => {
    const code = String(at + 1).padStart(4, '0');
    const fromEnd = count - 1 - at;
    if (hasSpeaking && fromEnd === 0) return seatRoom(siteCode, code, 'speaking', SPEAKING_SEATS);
    if (hasKege && fromEnd === (hasSpeaking ? 1 : 0))
      return seatRoom(siteCode, code, 'kege', KEGE_SEATS);
    const workstations = planned(siteCode, code, ['organizer', 'main', 1]);
    return room(code, 'written', WRITTEN_SEATS, workstations);
  });
}

/** A workstation a seat, and one in reserve. */
function seatRoom(siteCode: string, code: string, role: 'kege' | 'speaking', seats: number): Room {
  const workstations = [
    ...planned(siteCode, code, [role, 'main', seats]),
    ...planned(siteCode, code, [role, 'reserve', 1]),
  ];
  return room(code, role, seats, workstations);
}

function headquarters(siteCode: string): Room {
  return room(HQ_ROOM_CODE, 'hq', null, [
    ...planned(siteCode, HQ_ROOM_CODE, ['hq', 'main', 1]),
    ...planned(siteCode, HQ_ROOM_CODE, ['organizer', 'reserve', 1]),
    ...planned(siteCode, HQ_ROOM_CODE, ['video', 'main', 1]),
  ]);
}

function planned(
  siteCode: string,
  roomCode: string,
  [role, duty, count]: readonly [Role, Duty, number],
): PlannedWorkstation[] {
  const place: PlannedPlace = { siteCode, roomCode, role, duty };
  return plannedWorkstations(place, count);
}

function room(
  code: string,
  purpose: RoomPurpose,
  seats: number | null,
  workstations: readonly PlannedWorkstation[],
): Room {
  return { code, purposes: [purpose], seats, cameras: CAMERAS, workstations };
}

/** The РЦОИ and three commissions, all in the region's centre. */
function centralSites(): Site[] {
  const site = (code: string, name: string, more: Partial<Site>): Site => ({
    code,
    kind: 'commission',
    period: null,
    commission: null,
    name: `${name} (пример)`,
    municipality: 'kemerovo',
    address: 'Кемерово ГО, ул. Примерная, 100',
    timeZone: null,
    isRemote: false,
    provider: providers[0],
    contractBytesPerSecond: CITY_BYTES_PER_SECOND,
    dutyPhone: `+7 384 555-02-${code.slice(2)}`,
    rooms: [watchedRoom(code, '0001'), watchedRoom(code, '0002')],
    ...more,
  });
  const rcoiRooms = [
    room('0001', 'video', null, planned('9001', '0001', ['rcoi', 'main', 2])),
    watchedRoom('9001', '0002'),
  ];
  return [
    site('9001', 'РЦОИ', { kind: 'rcoi', rooms: rcoiRooms }),
    site('9002', 'Предметная комиссия 1', { commission: 'subject' }),
    site('9003', 'Предметная комиссия 2', { commission: 'subject' }),
    site('9004', 'Апелляционная комиссия', { commission: 'appeal' }),
  ];
}

function watchedRoom(siteCode: string, code: string): Room {
  return room(code, 'video', null, planned(siteCode, code, ['video', 'main', 1]));
}
