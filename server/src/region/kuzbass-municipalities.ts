import type { Municipality } from '@ppe-pulse/protocol';

/** One line of the list below: slug, name, kind, column and row of the schematic map. */
type Line = readonly [slug: string, name: string, kind: string, col: number, row: number];

/**
 * The 34 municipalities of Kuzbass. Names and kinds are as the region has them; the tiles are a
 * proposal of a schematic map in which no pair is turned north to south or west to east.
 */
const lines: readonly Line[] = [
  ['kemerovo', 'Кемерово', 'ГО', 2, 2],
  ['novokuznetsk', 'Новокузнецкий', 'ГО', 4, 7],
  ['prokopyevsk', 'Прокопьевский', 'ГО', 3, 7],
  ['leninsk-kuznetsky', 'Ленинск-Кузнецкий', 'ГО', 2, 4],
  ['kiselevsk', 'Киселёвский', 'ГО', 3, 6],
  ['mezhdurechensk', 'Междуреченский', 'ГО', 6, 7],
  ['yurga', 'Юргинский', 'ГО', 0, 1],
  ['anzhero-sudzhensk', 'Анжеро-Судженский', 'ГО', 2, 0],
  ['belovo', 'Беловский', 'ГО', 2, 5],
  ['berezovsky', 'Берёзовский', 'ГО', 2, 1],
  ['osinniki', 'Осинниковский', 'ГО', 4, 8],
  ['myski', 'Мысковский', 'ГО', 5, 7],
  ['polysaevo', 'Полысаевский', 'ГО', 3, 4],
  ['kaltan', 'Калтанский', 'ГО', 4, 9],
  ['tayga', 'Тайгинский', 'ГО', 1, 0],
  ['krasnobrodsky', 'Краснобродский', 'ГО', 2, 6],
  ['belovsky-r', 'Беловский', 'МО/МР', 3, 5],
  ['guryevsky', 'Гурьевский', 'МО/МР', 1, 5],
  ['izhmorsky', 'Ижморский', 'МО/МР', 4, 0],
  ['kemerovsky-r', 'Кемеровский', 'МО/МР', 3, 2],
  ['krapivinsky', 'Крапивинский', 'МО/МР', 3, 3],
  ['leninsk-kuznetsky-r', 'Ленинск-Кузнецкий', 'МО/МР', 2, 3],
  ['mariinsky', 'Мариинский', 'МО/МР', 5, 0],
  ['novokuznetsky-r', 'Новокузнецкий', 'МО/МР', 5, 8],
  ['prokopyevsky-r', 'Прокопьевский', 'МО/МР', 2, 7],
  ['promyshlennovsky', 'Промышленновский', 'МО/МР', 1, 3],
  ['tashtagolsky', 'Таштагольский', 'МО/МР', 5, 9],
  ['tisulsky', 'Тисульский', 'МО/МР', 6, 1],
  ['topkinsky', 'Топкинский', 'МО/МР', 1, 2],
  ['tyazhinsky', 'Тяжинский', 'МО/МР', 6, 0],
  ['chebulinsky', 'Чебулинский', 'МО/МР', 5, 1],
  ['yurginsky-r', 'Юргинский', 'МО/МР', 0, 2],
  ['yaysky', 'Яйский', 'МО/МР', 3, 0],
  ['yashkinsky', 'Яшкинский', 'МО/МР', 1, 1],
];

export const kuzbassMunicipalities: readonly Municipality[] = lines.map(
  ([slug, name, kind, col, row]) => ({ slug, name, kind, tile: { col, row } }),
);

/** The region's zone unless a site names its own. */
export const KUZBASS_TIME_ZONE = 'Asia/Novokuznetsk';
