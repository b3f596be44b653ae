import type { Bounded, RegionProblem, RegionWarning } from '@ppe-pulse/protocol';
import { Glyph } from '../ui/Glyph.tsx';
import { Pages } from './Pages.tsx';
import { remarkText } from './remark-text.ts';
import { usePages } from './use-pages.ts';
import { useRegistryWords } from './use-registry-words.ts';

interface RemarkTableProps {
  readonly kind: 'problems' | 'warnings';
  readonly of: Bounded<RegionProblem | RegionWarning>;
}

const PAGE = 50;

/** Remarks on files: where each stands, and what to do. */
export function RemarkTable({ kind, of }: RemarkTableProps) {
  const words = useRegistryWords();
  const { own } = words;
  const pages = usePages(of.listed, PAGE);
  if (of.total === 0) return null;
  return (
    <div className="scroll">
      <table data-testid={`import-${kind}`}>
        <caption>
          <Glyph verdict={kind === 'problems' ? 'fail' : 'warn'} />{' '}
          {words.count(of.total, own[kind])}
        </caption>
        <thead>
          <tr>
            <th scope="col">{own.file}</th>
            <th scope="col">{own.place}</th>
            <th scope="col">{own.column}</th>
            <th scope="col">{own.what}</th>
          </tr>
        </thead>
        <tbody>
          {pages.shown.map((remark, at) => {
            const { file, sheet, row, cell, column } = remark;
            const place = cell ?? (row === null ? own.none : own.row(row));
            return (
              // eslint-disable-next-line react/no-array-index-key -- a remark is its place in the list
              <tr key={at}>
                <th scope="row" className="file-name" title={file}>
                  {file || own.none}
                </th>
                <td className="number">
                  {sheet === null ? place : `${own.sheet(sheet)}, ${place}`}
                </td>
                <td>{column ?? own.none}</td>
                <td>{remarkText(words, remark)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <Pages of={pages} />
      {of.total > of.listed.length && (
        <p className="quiet">{own.more(words.number(of.total - of.listed.length))}</p>
      )}
    </div>
  );
}
