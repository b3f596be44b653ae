import type { ChangeCounts, RegionChange, RegionDiff } from '@ppe-pulse/protocol';

const signs = { added: '+', changed: '~', removed: '-' } as const;

/** `+ site 0012`, `~ room 0012/0003 seats: 15 → 12`, `- workstation 0012-0003-organizer-main-2`. */
export function changeLine(change: RegionChange): string {
  const { kind, what, siteCode, roomCode, workstation, fields } = change;
  const name = workstation ?? (roomCode === null ? siteCode : `${siteCode}/${roomCode}`);
  const changes = fields.map(({ field, from, to }) => `${field}: ${quiet(from)} → ${quiet(to)}`);
  return [`${signs[kind]} ${what} ${name}`, changes.join(', ')].join(' ').trim();
}

/** `sites +3 ~1 -0, rooms …, workstations …, adopted kept 2`. */
export function countsLine({ sites, rooms, workstations, adoptedKept }: RegionDiff): string {
  return [
    `sites ${counts(sites)}`,
    `rooms ${counts(rooms)}`,
    `workstations ${counts(workstations)}`,
    `adopted kept ${adoptedKept}`,
  ].join(', ');
}

function counts({ added, changed, removed }: ChangeCounts): string {
  return `+${added} ~${changed} -${removed}`;
}

function quiet(value: string): string {
  return value === '' ? '(none)' : value;
}
