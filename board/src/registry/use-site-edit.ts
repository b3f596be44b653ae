import { useRef, useState } from 'react';
import type { RegionProblem } from '@ppe-pulse/protocol';
import { sendWhole, type WholeAnswer } from '../plan/whole-answer.ts';
import { ownText } from '../text/texts.ts';
import { remarkText } from './remark-text.ts';
import type { ImportRefusal, SiteEditAnswer } from './registry-shapes.ts';
import { bodyOfDraft, fieldKey, type SiteDraft } from './site-draft.ts';
import { useRegistryWords, type RegistryWords } from './use-registry-words.ts';

export interface SiteEdit {
  readonly isBusy: boolean;
  readonly problems: readonly RegionProblem[];
  readonly failure: WholeAnswer | undefined;
  readonly save: (draft: SiteDraft, baseVersion: number) => void;
}

/** Saves one site, once however often it is clicked. `onMoved`: the registry is another one now. */
export function useSiteEdit(
  code: string,
  onEnd: (said: string) => void,
  onMoved: () => void,
): SiteEdit {
  const { own } = useRegistryWords();
  const [isBusy, setIsBusy] = useState(false);
  const [problems, setProblems] = useState<readonly RegionProblem[]>([]);
  const [failure, setFailure] = useState<WholeAnswer>();
  const inFlight = useRef(false);
  const save = async (draft: SiteDraft, baseVersion: number): Promise<void> => {
    if (inFlight.current) return;
    inFlight.current = true;
    setIsBusy(true);
    const path = `/api/v1/registry/sites/${code}`;
    const answer = await sendWhole('PUT', path, { ...bodyOfDraft(draft), baseVersion });
    inFlight.current = false;
    setIsBusy(false);
    const isRefused = answer.reason === 'registryRefused';
    setProblems(isRefused ? (answer.body as ImportRefusal).problems.listed : []);
    setFailure(isRefused || answer.status === 200 ? undefined : answer);
    if (answer.reason === 'registryMoved') onMoved();
    if (answer.status !== 200) return;
    const { kind, version } = answer.body as SiteEditAnswer;
    onEnd(kind === 'same' ? own.same : own.saved(version));
  };
  return { isBusy, problems, failure, save: (...order) => void save(...order) };
}

/** A mistake beside its field, and in the list above all of them. */
export interface Mistake {
  readonly text: string;
  readonly summary: string;
}
export type Mistakes = ReadonlyMap<string, Mistake>;

/** Mistakes by the field that they are in. */
export function mistakesOf(words: RegistryWords, problems: readonly RegionProblem[]): Mistakes {
  const mistakes = new Map<string, Mistake>();
  for (const problem of problems) {
    const field = fieldOf(problem);
    const text = remarkText(words, problem);
    const { own } = words;
    const name = ownText(own.fields, field) ?? ownText(own.fieldNames, field) ?? '';
    const table = problem.file === 'rooms' ? own.rooms : own.workstations;
    const row = problem.row ?? 1;
    const place = problem.file === 'site' ? name : `${table}, ${own.row(row)}`;
    const key = fieldKey(problem.file, row, field);
    if (!mistakes.has(key)) mistakes.set(key, { text, summary: `${place}: ${text}` });
  }
  return mistakes;
}

/** Missing values are told with the names of a column in both languages, others with its id. */
function fieldOf({ column }: RegionProblem): string {
  const english = column?.split(' / ')[1];
  if (english === undefined) return column ?? '';
  return english === 'name' ? 'siteName' : (english.split(' ')[0] ?? '');
}
