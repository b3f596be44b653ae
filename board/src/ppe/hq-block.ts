import { HQ_ROOM_CODE, type Verdict } from '@ppe-pulse/protocol';
import { formatEvidence, formatValue } from '@ppe-pulse/protocol/texts';
import { factOf } from '../rooms/room-facts.ts';
import { roomsOf } from '../rooms/rooms.ts';
import { hearingOf } from '../rooms/standing.ts';
import { unitOfCheck } from '../workstation/check-texts.ts';
import { stationOf, type SiteWorkstation } from './site-answer.ts';
import { numberText, wordOf } from './site-rooms.ts';
import { hqLines, type HqLine } from './ppe-columns.ts';
import type { PpeWords } from './use-ppe-words.ts';

export interface ShownHqLine {
  readonly id: HqLine;
  readonly verdict: Verdict;
  readonly text: string;
  readonly title: string;
  readonly workstationId: string | undefined;
}

/** What is known of the Штаб: its lines, power, clock and whether the rooms come through it. Pure. */
export function hqBlock(
  words: PpeWords,
  items: readonly SiteWorkstation[],
  nowMs: number,
): ShownHqLine[] {
  return hqLines.flatMap((id) => {
    if (id === 'relay') return relayLine(words, items, nowMs);
    if (id === 'em') return emLine(words, items, nowMs);
    return checkLine(words, items, { id, checkId: id, nowMs });
  });
}

function checkLine(
  words: PpeWords,
  items: readonly SiteWorkstation[],
  { id, checkId, nowMs }: { readonly id: HqLine; readonly checkId: string; readonly nowMs: number },
): ShownHqLine[] {
  const stations = hqItems(items).map((each) => stationOf(each, nowMs));
  const [room] = roomsOf({ workstations: stations });
  const fact = room && factOf(room, checkId);
  if (!fact) return [];
  const { verdict, value, workstationId } = fact;
  const word = wordOf(words, fact);
  const isMeasured = verdict === 'ok' || verdict === 'warn' || verdict === 'fail';
  const number = isMeasured && value !== undefined ? numberText(words, value, checkId) : '';
  const text = verdict === 'ok' ? number || word : [number, word].filter(Boolean).join(' · ');
  const check = hqItems(items)
    .find((each) => each.id === workstationId)
    ?.checks.find((each) => each.id === checkId);
  const evidence = check ? formatEvidence(check.evidence, unitOfCheck(check), words.language) : '';
  return [
    { id, verdict, text, title: [text, evidence].filter(Boolean).join(' · '), workstationId },
  ];
}

/** How far the download is, with what is forecast of it. */
function emLine(words: PpeWords, items: readonly SiteWorkstation[], nowMs: number): ShownHqLine[] {
  const [forecast] = checkLine(words, items, { id: 'em', checkId: 'net.emEta', nowMs });
  // What waits for a plan says nothing of the download.
  const eta = forecast?.verdict === 'notInvolved' ? undefined : forecast;
  const got = hqItems(items)
    .map(({ id, metrics }) => ({ id, ratio: metrics['net.em.ratio'] }))
    .find(({ ratio }) => ratio !== undefined);
  if (!eta && !got) return [];
  const share = words.own.emGot(formatValue(got?.ratio ?? 0, 'ratio', words.language));
  const isCalm = !eta || eta.verdict === 'ok';
  const text = got ? (isCalm ? share : `${share} · ${eta.text}`) : (eta?.text ?? '');
  return [
    {
      id: 'em',
      verdict: eta?.verdict ?? 'ok',
      text,
      title: eta?.title ?? text,
      workstationId: eta?.workstationId ?? got?.id,
    },
  ];
}

/** How many of those that come through a PC of the Штаб are heard. */
function relayLine(
  words: PpeWords,
  items: readonly SiteWorkstation[],
  nowMs: number,
): ShownHqLine[] {
  const hqIds = new Set(hqItems(items).map(({ id }) => id));
  const through = items.filter(({ relayId }) => relayId !== null && hqIds.has(relayId));
  const [first] = hqIds;
  if (first === undefined || items.length === hqIds.size) return [];
  if (through.length === 0)
    return [
      {
        id: 'relay',
        verdict: 'notInvolved',
        text: words.own.noRelay,
        title: words.own.noRelay,
        workstationId: undefined,
      },
    ];
  const hearings = through.map((each) => hearingOf(stationOf(each, nowMs)));
  const live = hearings.filter((each) => each === 'live').length;
  const silent = hearings.filter((each) => each === 'silent').length;
  const text = words.own.throughRelay(live, through.length);
  const workstationId = through[0]?.relayId ?? undefined;
  return [
    { id: 'relay', verdict: silent > 0 ? 'unknown' : 'ok', text, title: text, workstationId },
  ];
}

function hqItems(items: readonly SiteWorkstation[]): SiteWorkstation[] {
  return items.filter(({ roomCode }) => roomCode === HQ_ROOM_CODE);
}
