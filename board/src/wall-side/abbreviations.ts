import type { LiveMunicipality } from '@ppe-pulse/protocol';

/** Letters that a twin's name must share: Кемерово and Кемеровский are neighbours, not strangers. */
const STEM_LETTERS = 5;
/** Kinds of a town; of twins the town has the plain letters. */
const TOWN = 'ГО';
/** Words of a name that every second municipality has. */
const GENERIC: ReadonlySet<string> = new Set(
  'городской округ муниципальный район город поселок посёлок зато сельский го мо мр г'.split(' '),
);
const VOWEL = /[АЕЁИОУЫЭЮЯЬЪЙAEIOUY]/;

type Named = Pick<LiveMunicipality, 'slug' | 'name' | 'kind'>;

/**
 * Three letters for every municipality, by slug, each different: `КЕМ` for the town, `КЕм` for the
 * district around it. Derived from names only, so that any region has them; the same list gives the
 * same letters. Pure.
 */
export function abbreviationsOf(municipalities: readonly Named[]): ReadonlyMap<string, string> {
  const lettered = municipalities.map((each) => ({ ...each, letters: lettersOf(each.name) }));
  const twins = twinsOf(lettered);
  const rank = (each: Named): number => (isTown(each) ? 0 : twins.has(each.slug) ? 1 : 2);
  const taken = new Set<string>();
  const found = new Map<string, string>();
  for (const each of [...lettered].sort((a, b) => rank(a) - rank(b))) {
    const twin = twins.has(each.slug) ? twinForm(each) : undefined;
    // Only a twin may differ by the size of a letter.
    const short =
      twin !== undefined && !taken.has(twin)
        ? twin
        : firstFree(each.letters, new Set([...taken].map((one) => one.toUpperCase())));
    taken.add(short);
    found.set(each.slug, short);
  }
  return found;
}

interface Lettered extends Named {
  readonly letters: string;
}

/** Districts that are named as a town is. */
function twinsOf(all: readonly Lettered[]): ReadonlySet<string> {
  const stemOf = ({ letters }: Lettered): string => letters.slice(0, STEM_LETTERS);
  const towns = new Set(all.filter(isTown).map(stemOf));
  return new Set(
    all.filter((each) => !isTown(each) && towns.has(stemOf(each))).map(({ slug }) => slug),
  );
}

function twinForm({ letters, kind }: Lettered): string {
  const [first = '', second = ''] = letters;
  return `${first}${second}${(kind[0] ?? '2').toLowerCase()}`;
}

function firstFree(letters: string, taken: ReadonlySet<string>): string {
  for (const candidate of candidates(letters)) if (!taken.has(candidate)) return candidate;
  return letters;
}

/** The likeliest first: three letters, then a later consonant, then any later letter, then a number. */
function* candidates(letters: string): Generator<string> {
  const [first = '?', second = ''] = letters;
  const rest = letters.slice(2).split('');
  yield letters.slice(0, 3) || '?';
  for (const letter of rest) if (!VOWEL.test(letter)) yield first + second + letter;
  for (const letter of rest) yield first + second + letter;
  for (const letter of rest) for (const last of rest) yield first + letter + last;
  for (let number = 2; ; number += 1) yield `${first}${second}${number}`;
}

function lettersOf(name: string): string {
  const words = name.split(/[^\p{L}-]+/u).filter((word) => word !== '');
  const own = words.filter((word) => !GENERIC.has(word.toLowerCase()));
  return ((own[0] ?? words[0] ?? '').match(/\p{L}/gu) ?? []).join('').toUpperCase();
}

function isTown({ kind }: Named): boolean {
  return kind.startsWith(TOWN);
}
