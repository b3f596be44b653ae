import { useEffect, useId, useImperativeHandle, useRef, type KeyboardEvent, type Ref } from 'react';
import { changedStretch, offsetOf } from './text-places.ts';

/** What others may do with the text, so that Ctrl+Z takes it back like typing. */
export interface EditorHandle {
  readonly jumpTo: (line: number, column: number) => void;
  readonly replace: (text: string) => void;
}

interface TextEditorProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Lines with something wrong, from 1. */
  readonly marks: ReadonlyMap<number, 'error' | 'warning'>;
  readonly label: string;
  readonly hint: string;
  readonly handle: Ref<EditorHandle>;
}

const INDENT = '  ';
const signs = { error: '✕', warning: '▲' } as const;

/** A plain editor of indented text: numbered lines, Tab indents, Esc and Tab leave. */
export function TextEditor({ value, onChange, marks, label, hint, handle }: TextEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const isTabFree = useRef(false);
  const hintId = useId();
  useImperativeHandle(
    handle,
    () => ({
      jumpTo: (line, column) => {
        const { current } = field;
        if (!current) return;
        const at = offsetOf(current.value, line, column);
        current.focus();
        current.setSelectionRange(at, at);
        const lines = current.value.split('\n').length;
        const lineHeight = current.scrollHeight / Math.max(lines, 1);
        current.scrollTop = Math.max(0, (line - 4) * lineHeight);
        current.scrollIntoView({ block: 'nearest' });
      },
      replace: (text) => {
        const { current } = field;
        if (!current) return;
        const { from, to, by } = changedStretch(current.value, text);
        if (from === to && by === '') return;
        current.focus();
        current.setSelectionRange(from, to);
        typeInto(current, by, onChange);
      },
    }),
    [onChange],
  );
  useEffect(() => {
    if (gutter.current && field.current) gutter.current.scrollTop = field.current.scrollTop;
  });
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const isPlainTab = event.key === 'Tab' && !event.shiftKey && !isTabFree.current;
    isTabFree.current = event.key === 'Escape' || (event.key === 'Shift' && isTabFree.current);
    if (!isPlainTab) return;
    event.preventDefault();
    typeInto(event.currentTarget, INDENT, onChange);
  };
  return (
    <div className="editor">
      <div className="editor-frame">
        <div className="editor-gutter" ref={gutter} aria-hidden="true">
          <Numbers count={value.split('\n').length} marks={marks} />
        </div>
        <textarea
          ref={field}
          aria-label={label}
          aria-describedby={hintId}
          value={value}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          onKeyDown={onKeyDown}
          onChange={({ target }) => onChange(target.value)}
          onScroll={({ currentTarget }) => {
            if (gutter.current) gutter.current.scrollTop = currentTarget.scrollTop;
          }}
        />
      </div>
      <p className="quiet" id={hintId}>
        {hint}
      </p>
    </div>
  );
}

/** The number of every line, with a sign beside those that have something wrong. */
function Numbers({ count, marks }: Pick<TextEditorProps, 'marks'> & { readonly count: number }) {
  return Array.from({ length: count }, (_, at) => {
    const mark = marks.get(at + 1);
    return (
      // eslint-disable-next-line react/no-array-index-key -- a line is its number
      <span key={at} className={mark && `editor-mark-${mark}`}>
        {mark && signs[mark]} {at + 1}
        {'\n'}
      </span>
    );
  });
}

/** Puts text over the selection as typing does: browsers keep it for undo only in this old way. */
function typeInto(
  field: HTMLTextAreaElement,
  text: string,
  onChange: (text: string) => void,
): void {
  const before = field.value;
  const command = text === '' ? 'delete' : 'insertText';
  const isDone =
    typeof document.execCommand === 'function' && document.execCommand(command, false, text);
  if (isDone && field.value !== before) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  onChange(field.value);
}
