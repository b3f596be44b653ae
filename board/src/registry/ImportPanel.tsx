import { useState } from 'react';
import { regionLimits, type Municipality } from '@ppe-pulse/protocol';
import { formatValue } from '@ppe-pulse/protocol/texts';
import { FilePick } from './FilePick.tsx';
import { fileFaultOf, withFiles, type FileFault } from './import-files.ts';
import { ImportResult } from './ImportResult.tsx';
import { Progress } from './Progress.tsx';
import { Templates } from './Templates.tsx';
import { useImport } from './use-import.ts';
import { useRegistryWords, type RegistryWords } from './use-registry-words.ts';

const MEGABYTE = 1_000_000;

interface ImportPanelProps {
  readonly municipalities: readonly Municipality[];
  readonly onApplied: () => void;
}

/** Tables of the region: chosen, compared with the registry, confirmed, applied. */
export function ImportPanel({ municipalities, onApplied }: ImportPanelProps) {
  const words = useRegistryWords();
  const { own } = words;
  const [files, setFiles] = useState<readonly File[]>([]);
  const control = useImport(onApplied);
  const { state } = control;
  const isWorking = state.kind === 'working';
  const fault = fileFaultOf(files);
  const choose = (next: readonly File[]): void => {
    if (isWorking) return;
    setFiles(next);
    control.reset();
  };
  return (
    <section className="panel is-wide import" aria-label={own.import} data-testid="import">
      <h2>{own.import}</h2>
      <p className="quiet">{own.importHint}</p>
      <Templates />
      <FilePick isDisabled={isWorking} onFiles={(added) => choose(withFiles(files, added))} />
      {files.length > 0 && (
        <ul className="chosen-files" aria-label={own.files}>
          {files.map((file) => (
            <li key={file.name}>
              <span className="file-name" title={file.name}>
                {file.name}
              </span>
              <span className="number quiet">
                {formatValue(file.size, 'bytes', words.language)}
              </span>
              <button
                type="button"
                disabled={isWorking}
                aria-label={own.removeFile(file.name)}
                onClick={() => choose(files.filter((each) => each !== file))}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
      {fault && (
        <p className="refusal" role="alert">
          {own.failed(faultText(words, fault))}
        </p>
      )}
      {files.length > 0 && !isWorking && state.kind !== 'checked' && state.kind !== 'applied' && (
        <div className="fields">
          <button
            type="button"
            className="main"
            disabled={fault !== null}
            onClick={() => control.check(files)}
          >
            {own.check}
          </button>
        </div>
      )}
      {isWorking && <Progress of={state} onCancel={control.cancel} />}
      <ImportResult
        state={state}
        municipalities={municipalities}
        onApply={(baseVersion) => control.apply(files, baseVersion)}
        onCheck={() => control.check(files)}
        onStartOver={() => choose([])}
      />
    </section>
  );
}

function megabytes(words: RegistryWords, bytes: number): string {
  return words.number(Math.round((bytes / MEGABYTE) * 10) / 10);
}

function faultText(words: RegistryWords, fault: FileFault): string {
  const { own } = words;
  switch (fault.kind) {
    case 'tooMany':
      return own.tooMany(fault.count, regionLimits.files);
    case 'tooBig':
      return own.tooBig(megabytes(words, fault.bytes), megabytes(words, regionLimits.filesBytes));
    case 'empty':
      return own.emptyFile(fault.name);
  }
}
