import type { Municipality } from '@ppe-pulse/protocol';
import { Confirm } from './Confirm.tsx';
import { DiffView } from './DiffView.tsx';
import { RemarkTable } from './RemarkTable.tsx';
import type { ImportState } from './use-import.ts';
import { refusalText, useRegistryWords } from './use-registry-words.ts';

interface ImportResultProps {
  readonly state: ImportState;
  readonly municipalities: readonly Municipality[];
  readonly onApply: (baseVersion: number) => void;
  readonly onCheck: () => void;
  readonly onStartOver: () => void;
}

/** What came of the last step of an import, and what can be done next. */
export function ImportResult(props: ImportResultProps) {
  const { state, municipalities, onApply, onCheck, onStartOver } = props;
  const words = useRegistryWords();
  const { own } = words;
  switch (state.kind) {
    case 'idle':
    case 'working':
      return null;
    case 'cancelled':
      return <p role="status">{own.cancelled}</p>;
    case 'unreadable':
      return <Alert text={own.failed(own.unreadable)} />;
    case 'failed':
      return <Alert text={refusalText(words, state)} />;
    case 'moved':
      return (
        <div className="refusal" role="alert" data-testid="import-moved">
          <p>{own.moved}</p>
          <button type="button" onClick={onCheck}>
            {own.again}
          </button>
        </div>
      );
    case 'refused':
      return (
        <div data-testid="import-refused">
          <p className="refusal" role="alert">
            {words.count(state.problems.total, own.problems)}. {own.problemsHint}
          </p>
          <RemarkTable kind="problems" of={state.problems} />
          <RemarkTable kind="warnings" of={state.warnings} />
        </div>
      );
    case 'applied':
      return (
        <div data-testid="import-applied">
          <p role="status" className="said">
            {own.applied(state.answer.version ?? state.answer.baseVersion)}
          </p>
          <button type="button" onClick={onStartOver}>
            {own.startOver}
          </button>
        </div>
      );
    case 'checked':
      return (
        <div className="import-checked" data-testid="import-checked">
          <RemarkTable kind="warnings" of={state.answer.warnings} />
          <DiffView diff={state.answer.diff} municipalities={municipalities} />
          <Confirm answer={state.answer} onApply={onApply} onStartOver={onStartOver} />
        </div>
      );
  }
}

function Alert({ text }: { readonly text: string }) {
  return (
    <p className="refusal" role="alert">
      {text}
    </p>
  );
}
