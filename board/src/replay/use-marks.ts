import { useMemo } from 'react';
import type { ReplayMark, ReplayMarks } from '@ppe-pulse/protocol';
import { incidentTexts, incidentTitle, stageTexts } from '@ppe-pulse/protocol/texts';
import { getJson } from '../api/client.ts';
import { logText } from '../incidents/log-text.ts';
import { useIncidentWords } from '../incidents/use-incident-words.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { ownText } from '../text/texts.ts';
import type { Reel } from './timeline.ts';
import { timeOf } from './use-film.ts';
import { useReplayWords } from './use-replay-words.ts';

/** How a mark looks: what people did and said, what the collector saw, what the plan says. */
export type MarkKind = 'person' | 'claim' | 'trouble' | 'calm' | 'plan';

/** A mark in words. */
export interface MarkView {
  readonly id: string;
  readonly atMs: number;
  readonly kind: MarkKind;
  readonly text: string;
  readonly by: string;
  readonly note: string;
}

const ENGINE = 'collector';
const none: ReplayMarks = { items: [], incidents: [], isCut: false };
/** Longer than any day, and no longer than the collector answers. */
const STRETCH_MS = 30 * 3_600_000;

/** What happened in a reel, as the collector knows it. `time` tells a moment of the collector's clock. */
export function useMarks(
  reel: Reel,
  time: (wallMs: number) => string,
): { readonly marks: readonly MarkView[]; readonly isCut: boolean } {
  // Not up to its end: a film that grows would ask at another address each time.
  const path = `/api/v1/replay/marks?from=${timeOf(reel.fromMs)}&to=${timeOf(reel.fromMs + STRETCH_MS)}`;
  const answer = useAnswer(getJson<ReplayMarks>, path, reel.toMs);
  const told = answer?.kind === 'done' ? answer.value : none;
  const viewOf = useMarkTexts(told, time);
  const { toMs } = reel;
  const marks = useMemo(
    () => withoutTwins(told.items.filter(({ atMs }) => atMs <= toMs).map(viewOf)),
    [told, toMs, viewOf],
  );
  return { marks, isCut: told.isCut };
}

/** A deadline of several tracks is one line. */
function withoutTwins(marks: readonly MarkView[]): MarkView[] {
  return marks.filter(({ atMs, kind, text }, at) => {
    const before = marks[at - 1];
    return kind !== 'plan' || before?.atMs !== atMs || before.text !== text;
  });
}

function useMarkTexts(
  { incidents }: ReplayMarks,
  time: (wallMs: number) => string,
): (mark: ReplayMark, at: number) => MarkView {
  const { own, language } = useReplayWords();
  const { own: page } = useIncidentWords();
  return useMemo(() => {
    const titles = new Map(
      incidents.map((incident) => [incident.id, incidentTitle(incident, language)]),
    );
    const { stages } = stageTexts(language);
    return (mark, at) => {
      const base = { id: `${mark.atMs}-${at}`, atMs: mark.atMs };
      switch (mark.kind) {
        case 'incident': {
          const incident = incidentTexts(language);
          const what = logText(
            { own: page, incident },
            { kind: mark.step, details: mark.details },
            time,
          );
          const text = `${what} · ${titles.get(mark.incidentId) ?? mark.incidentId}`;
          return { ...base, kind: kindOf(mark.by, mark.step), text, by: mark.by, note: mark.note };
        }
        case 'plan':
          return {
            ...base,
            kind: 'plan',
            text: own.plan(String(mark.version)),
            by: mark.by,
            note: mark.note,
          };
        case 'claim': {
          const room = mark.roomCode === null ? '' : `, ${own.room(mark.roomCode)}`;
          const place = own.site(mark.siteCode) + room;
          const stage = ownText(stages, mark.stage) ?? mark.stage;
          const text = mark.isMade ? own.claimed(place, stage) : own.unclaimed(place, stage);
          return { ...base, kind: 'claim', text, by: mark.by, note: mark.note };
        }
        case 'due':
          return {
            ...base,
            kind: 'plan',
            text: own.due(ownText(stages, mark.stage) ?? mark.stage),
            by: '',
            note: '',
          };
      }
    };
  }, [incidents, language, own, page, time]);
}

function kindOf(by: string, step: string): MarkKind {
  if (by !== ENGINE) return 'person';
  return step === 'resolved' ? 'calm' : 'trouble';
}
