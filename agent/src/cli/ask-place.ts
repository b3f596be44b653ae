import type { EnrolmentPlace } from '@ppe-pulse/protocol/enrolment';
import type { Language } from '@ppe-pulse/protocol/texts';
import { choosePlace, type WantedPlace } from '../enrolment/choose-place.ts';
import { folderTexts } from './enroll-folder-texts.ts';
import { enrollTexts } from './enroll-texts.ts';
import type { EnrollFlags } from './enroll.ts';
import type { CliWorld } from './world.ts';

/** A mistyped answer is asked for again so many times. */
const TRIES = 3;

type PlaceFlags = Pick<EnrollFlags, 'room' | 'role' | 'duty'>;

/**
 * Asks for the room, then for the place in it, as far as the file leaves a choice. What nobody answers
 * stays open: the command says then which places there are.
 */
export async function askForPlaceWords(
  all: readonly EnrolmentPlace[],
  wanted: WantedPlace,
  language: Language,
  world: CliWorld,
): Promise<PlaceFlags> {
  const texts = folderTexts[language];
  const fitting = all.filter((each) => choosePlace([each], wanted).kind === 'chosen');
  const rooms = [...new Set(fitting.map(({ roomCode }) => roomCode))].sort();
  const room = await pick(rooms, () => world.ask?.(texts.askRoom(rooms.join(', '))), padded);
  if (room === undefined) return {};
  const words = enrollTexts(language);
  const inRoom = new Map(
    fitting
      .filter(({ roomCode }) => roomCode === room)
      .map(({ roomCode, role, duty }) => [
        words.place({ roomCode, role, duty }),
        { room, role, duty },
      ]),
  );
  const lines = [...inRoom.keys()];
  const listed = lines.map((line, at) => `  ${at + 1} — ${line}`).join('\n');
  const numbers = lines.map((_, at) => String(at + 1));
  const number = await pick(numbers, () => world.ask?.(texts.askPlace(listed)), plain);
  if (number === undefined) return { room };
  return inRoom.get(lines[Number(number) - 1] ?? '') ?? { room };
}

/** Which of the equal places it is: a request by flash drive must name one. */
export async function askForNumber(
  all: readonly EnrolmentPlace[],
  wanted: WantedPlace,
  language: Language,
  world: CliWorld,
): Promise<number | undefined> {
  const choice = choosePlace(all, wanted);
  if (choice.kind !== 'chosen' || choice.places.length < 2) return undefined;
  const numbers = choice.places.map(({ number }) => String(number));
  const ask = () => world.ask?.(folderTexts[language].askNumber(numbers.join(', ')));
  const number = await pick(numbers, ask, plain);
  return number === undefined ? undefined : Number(number);
}

/** One of `known`; no question where there is nothing to choose. */
async function pick(
  known: readonly string[],
  ask: () => Promise<string | undefined> | undefined,
  tidy: (answer: string) => string,
): Promise<string | undefined> {
  if (known.length === 1) return known[0];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await ask();
    if (answer === undefined) return undefined;
    const found = known.find((each) => each === tidy(answer));
    if (found !== undefined) return found;
  }
  return undefined;
}

function plain(answer: string): string {
  return answer;
}

/** People leave out the zeros in front. */
function padded(answer: string): string {
  return answer.padStart(4, '0');
}
