import { getJson } from '../api/client.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';

/** The text of a version; undefined until it is read. A version never changes. */
export function useVersionText(version: number): string | undefined {
  const answer = useAnswer(
    getJson<{ readonly text: string }>,
    `/api/v1/plan/versions/${version}`,
    '',
  );
  return answer?.kind === 'done' ? answer.value.text : undefined;
}
