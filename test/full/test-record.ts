import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One step of a long test. */
export interface Noted {
  /** Since the beginning. */
  readonly atSeconds: number;
  readonly step: string;
  /** Lines as they came. */
  readonly said: string;
}

/** What happened in a long test, for people to read afterwards. */
export interface TestRecord {
  /** One step with what was said, and the seconds since the beginning. */
  note(step: string, said: string): void;
  /** All of them so far. */
  readonly steps: readonly Noted[];
}

/** Begins a record anew, in `test/.artifacts/full`. */
export function openRecord(name: string): TestRecord {
  const folder = join(import.meta.dirname, '..', '.artifacts', 'full');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  const fromMs = performance.now();
  const steps: Noted[] = [];
  writeFileSync(path, `${new Date().toISOString()}\n`);
  return {
    steps,
    note: (step, said) => {
      const atSeconds = (performance.now() - fromMs) / 1_000;
      steps.push({ atSeconds, step, said: said.trimEnd() });
      const seconds = atSeconds.toFixed(1).padStart(6);
      const lines = said.trimEnd().split('\n');
      const text =
        lines.length === 1
          ? `${seconds} s  ${step}: ${lines[0]}\n`
          : [`${seconds} s  ${step}:`, ...lines.map((line) => `          | ${line}`), ''].join(
              '\n',
            );
      appendFileSync(path, text);
    },
  };
}
