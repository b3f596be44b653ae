import { stageIds } from '@ppe-pulse/protocol';
import type { PlanChangeAnswer } from './plan-shapes.ts';
import { usePlanWords, type PlanWords } from './use-plan-words.ts';

/** What an edit changes, value by value. */
export function Changes({ changes }: { readonly changes: readonly PlanChangeAnswer[] }) {
  const words = usePlanWords();
  const { own } = words;
  if (changes.length === 0) return <p>{own.onlyComments}</p>;
  return (
    <div className="scroll">
      <table data-testid="plan-changes">
        <caption>{words.count(changes.length, own.changeCount)}</caption>
        <thead>
          <tr>
            <th scope="col">{own.where}</th>
            <th scope="col">{own.was}</th>
            <th scope="col">{own.becomes}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ path, before, after }) => (
            <tr key={path}>
              <th scope="row">{placeText(words, path)}</th>
              <td className="was">{before ?? '—'}</td>
              <td className="becomes">{after ?? '—'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `Печать ЭМ: красный` for a stage; what has no name of ours keeps the name that the text gives it. */
function placeText({ own, stages }: PlanWords, path: string): string {
  const [first, id, field, ...rest] = path.split('.');
  const stage = stageIds.find((each) => each === id);
  if (first !== 'stages' || stage === undefined || rest.length > 0) return path;
  const names: Readonly<Record<string, string>> = own.fields;
  const name = field !== undefined && Object.hasOwn(names, field) ? names[field] : field;
  return `${stages.stages[stage]}: ${name ?? ''}`;
}
