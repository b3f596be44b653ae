/** A country's list imported: 6,000 ППЭ with 70,000 workstations, in a process of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleRegion } from '../../server/dist/region/sample-region.js';
import { writeXlsx } from '../../server/dist/region/write-xlsx.js';
import { row } from './bench.mjs';

const PPE = 6_000;
const WORKSTATIONS = 70_000;
const SECONDS = 10;
const MEGABYTES = 512;

export function run({ short }) {
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-registry-'));
  try {
    const tables = tablesOf(sampleRegion({ ppe: short ? PPE / 10 : PPE, seed: 1 }));
    const share = short ? 0.1 : 1;
    return [
      ['CSV', csvFiles(home, tables)],
      ['XLSX', xlsxFile(home, tables)],
    ].flatMap(([format, files]) => measured(home, { format, files, share }));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Dry run and import one after the other, as a person does both. */
function measured(home, { format, files, share }) {
  const child = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'registry-import-part.mjs'), join(home, format), ...files],
    { encoding: 'utf8' },
  );
  if (child.status !== 0) throw new Error(`the import ended: ${child.stderr}`);
  const { sites, workstations, checkMs, applyMs, blockedMs, peakBytes } = JSON.parse(child.stdout);
  const what = `${format}, ${sites} sites, ${workstations} workstations`;
  return [
    row(`dry run of ${what}`, checkMs / 1_000, 's', { atMost: SECONDS * share }),
    row(`import of ${what}`, applyMs / 1_000, 's', { atMost: SECONDS * share }),
    row(`memory of both, ${format}`, peakBytes / 1_000_000, 'MB', { atMost: MEGABYTES }),
    row(`longest hold of the event loop, ${format}`, blockedMs / 1_000, 's', { atMost: 1 }),
  ];
}

/** The three tables. A sample has more workstations than the target's 70,000: some are left out. */
function tablesOf({ sites }) {
  const rooms = sites.flatMap((site) => site.rooms.map((room) => [site, room]));
  const workstations = rooms.flatMap(([site, room]) =>
    room.workstations.map(({ role, duty }) => [site.code, room.code, role, duty]),
  );
  const limit = Math.round((WORKSTATIONS * sites.length) / PPE);
  return {
    sites: [
      ['Код ППЭ', 'Вид', 'Период', 'Вид комиссии', 'Наименование', 'Муниципалитет', 'Адрес'],
      ...sites.map((site) => [
        site.code,
        site.kind,
        site.period ?? '',
        site.commission ?? '',
        site.name,
        site.municipality,
        site.address,
      ]),
    ],
    rooms: [
      ['Код ППЭ', 'Аудитория', 'Назначение', 'Мест', 'Камер'],
      ...rooms.map(([site, room]) => [
        site.code,
        room.code,
        room.purposes.join(', '),
        String(room.seats ?? ''),
        String(room.cameras),
      ]),
    ],
    workstations: [
      ['Код ППЭ', 'Аудитория', 'Роль', 'Основная или резервная'],
      ...spread(workstations, limit),
    ],
  };
}

/** So many of a list, evenly. */
function spread(list, count) {
  const step = Math.max(1, list.length / count);
  return Array.from(
    { length: Math.min(count, list.length) },
    (_, at) => list[Math.floor(at * step)],
  );
}

function csvFiles(home, tables) {
  return Object.entries(tables).map(([name, rows]) => {
    const path = join(home, `${name}.csv`);
    const cell = (text) => (/[;"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    writeFileSync(path, rows.map((each) => each.map(cell).join(';')).join('\r\n'));
    return path;
  });
}

function xlsxFile(home, tables) {
  const path = join(home, 'registry.xlsx');
  writeFileSync(path, writeXlsx(Object.entries(tables).map(([title, rows]) => ({ title, rows }))));
  return [path];
}
