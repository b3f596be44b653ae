import { HQ_ROOM_CODE, type Incident, type Verdict } from '@ppe-pulse/protocol';
import { filled, incidentFault } from '@ppe-pulse/protocol/texts';
import type { WallSideWords } from './use-wall-side-words.ts';
import { isWide } from './side-order.ts';

/** The shape of a row: what is not heard is a question, the rest is as urgent as it is. */
export function incidentGlyph({
  verdict,
  severity,
}: Pick<Incident, 'verdict' | 'severity'>): Verdict {
  if (verdict === 'unknown') return 'unknown';
  return severity === 'critical' ? 'fail' : 'warn';
}

/** «Ауд. 0012: принтер, замятие бумаги»; the code of the site stands beside it. */
export function incidentWhat(
  { incident: texts, language }: Pick<WallSideWords, 'incident' | 'language'>,
  incident: Incident,
): string {
  const { roomCode, level } = incident;
  const fault = incidentFault(incident, language);
  if (isWide(incident) || level === 'site' || roomCode === null) return capitalised(fault);
  const room =
    roomCode === HQ_ROOM_CODE ? texts.place.hq : filled(texts.place.room, { code: roomCode });
  return capitalised(`${room}: ${fault}`);
}

/** The first letter large: a sentence of its own. */
export function capitalised(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length);
}
