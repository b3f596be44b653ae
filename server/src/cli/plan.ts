import { existsSync, readFileSync, statSync } from 'node:fs';
import { MAX_PLAN_CHARACTERS, nearest, planChangeText, planJsonSchema } from '@ppe-pulse/protocol';
import { languages, type Language } from '@ppe-pulse/protocol/texts';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';
import { checkPlanText } from '../plan/check-plan-text.ts';
import { importPlan, type PlanImport } from './import-plan.ts';
import { problemLine, problemView } from '../plan/problem-lines.ts';
import { shippedPlanFile, shippedPlanIds } from '../plan/shipped-plans.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import { UsageError } from './usage-error.ts';
import type { CliWorld } from './world.ts';

/** Flags of `plan` beside those of all commands. */
export interface PlanFlags extends Flags {
  readonly allowOld?: unknown;
  readonly dryRun?: unknown;
  readonly note?: unknown;
  readonly language?: unknown;
}

const verbs = ['check', 'import', 'schema'] as const;
/** A character of UTF-8 takes three bytes at most; what is larger is not even read. */
const FILE_BYTES = MAX_PLAN_CHARACTERS * 3;

/**
 * `plan check FILE`, `plan import FILE`, `plan schema`. Where FILE is the id of a shipped plan, that
 * one is meant. Exit 78 when the plan has errors.
 */
export async function planCommand(
  verb: string,
  file: string | undefined,
  flags: PlanFlags,
  world: CliWorld,
): Promise<number> {
  if (verb === 'schema') {
    world.out(JSON.stringify(planJsonSchema(), null, 2));
    return exitCodes.ok;
  }
  if (verb !== 'check' && verb !== 'import') {
    const near = nearest(verb, verbs);
    throw new UsageError(
      `unknown "plan ${verb}"${near ? `, did you mean "plan ${near}"?` : `: known are ${verbs.join(', ')}`}`,
    );
  }
  if (file === undefined)
    throw new UsageError(
      `plan ${verb} needs a file, or the id of a shipped plan: ${shippedPlanIds().join(', ')}`,
    );
  const path = pathOf(file);
  const text = readPlan(path);
  return verb === 'check' ? check(path, text, flags, world) : apply(path, text, flags, world);
}

function check(path: string, text: string, flags: PlanFlags, world: CliWorld): number {
  const outcome = checkPlanText(text, {
    nowMs: Date.now(),
    region: null,
    allowOld: flags.allowOld === true,
  });
  if (flags.json === true) {
    const problems = outcome.problems.map(problemView);
    world.out(JSON.stringify({ file: path, ok: outcome.ok, problems }));
  } else {
    const language = languageOf(flags.language);
    for (const problem of outcome.problems) world.out(problemLine(path, problem, language));
    if (outcome.ok) world.out(`${path}: ok, ${summary(outcome.plan)}`);
  }
  return outcome.ok ? exitCodes.ok : exitCodes.config;
}

async function apply(
  path: string,
  text: string,
  flags: PlanFlags,
  world: CliWorld,
): Promise<number> {
  const { dataDir } = configOf(flags, world.env);
  const note = noteOf(flags.note);
  const done = await importPlan({ dataDir, text, note, isDryRun: flags.dryRun === true });
  if (flags.json === true) world.out(JSON.stringify({ file: path, ...done }));
  else for (const line of linesOf(path, done, languageOf(flags.language))) world.out(line);
  if (done.outcome === 'refused') return exitCodes.config;
  return done.outcome === 'stale' ? exitCodes.failed : exitCodes.ok;
}

function linesOf(path: string, done: PlanImport, language: Language): string[] {
  const problems = done.problems.map(
    (each) =>
      `${path}:${each.line}:${each.column}: ${each.severity}: ${each.path === '' ? '' : `${each.path}: `}` +
      `${each[language].wrong}; ${each[language].toDo}`,
  );
  const changes = done.changes.map((change) => `  ${planChangeText(change)}`);
  switch (done.outcome) {
    case 'applied':
      return [...problems, `${path}: applied as version ${done.version}`, ...changes];
    case 'same':
      return [`${path}: holds already, as version ${done.version}`];
    case 'wouldApply':
      return [...problems, `${path}: would change version ${done.version}:`, ...changes];
    case 'stale':
      return [
        `${path}: the plan was edited meanwhile, it is of version ${done.version}: import again`,
      ];
    case 'refused':
      return [...problems, `${path}: not applied, version ${done.version} holds on`];
  }
}

function summary(plan: {
  readonly title: string;
  readonly date: string;
  readonly exams: readonly unknown[];
}): string {
  return `«${plan.title}», ${plan.date}, exams: ${plan.exams.length}`;
}

function noteOf(value: unknown): string {
  if (value === undefined) return '';
  // A flag that looks like a number comes as one.
  if (typeof value === 'string' || typeof value === 'number') return String(value).slice(0, 300);
  throw new UsageError('--note needs one value');
}

/** A file of that name goes before a shipped plan of that id. */
function pathOf(file: string): string {
  return existsSync(file) ? file : (shippedPlanFile(file) ?? file);
}

function readPlan(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > FILE_BYTES)
      throw new ConfigError(`${path}: ${size} bytes are no plan: ${FILE_BYTES} is the most`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(
      `${path}: cannot be read (${codeOf(error)}); name a file, or a shipped plan: ${shippedPlanIds().join(', ')}`,
    );
  }
}

function languageOf(value: unknown): Language {
  const language = languages.find((each) => each === (value ?? 'en'));
  if (language === undefined) throw new UsageError(`--language needs ${languages.join(' or ')}`);
  return language;
}
