import { Type, type Static, type TSchema } from 'typebox';
import { defaultThresholds, type Thresholds } from '../checks/thresholds.ts';
import { limits } from '../limits.ts';
import { roles } from '../placement.ts';
import { stageIds } from '../stages/stage.ts';
import { PLAN_TIME_PATTERN, TIME_OF_DAY_PATTERN } from './plan-time.ts';
import { examKinds, participantKinds, technologies } from './plan.ts';
import {
  DEFAULT_EXAM_START,
  DEFAULT_TIME_ZONE,
  defaultEmPackage,
  defaultModes,
  defaultPrint,
  defaultStages,
  defaultThroughput,
} from './plan-defaults.ts';

/** What a value should be, for people; its text is in `texts/plan-ru.ts` and `plan-en.ts`. */
export const planExpectations = [
  'planId',
  'text',
  'date',
  'timeZone',
  'flag',
  'code',
  'timeOfDay',
  'planTime',
  'planTimeOrNull',
  'host',
  'number',
  'wholeNumber',
  'choice',
  'list',
  'keys',
  'keysOrNull',
] as const;
export type PlanExpectation = (typeof planExpectations)[number];

/** Longest text of a plan, in characters: 6,000 codes of ППЭ and as much again of comments. */
export const MAX_PLAN_CHARACTERS = 131_072;
const MAX_CODES = 10_000;
const MAX_EXAMS = 32;
const MAX_MODE_RULES = 32;
const MAX_HOSTS = 8;
const MAX_WORDS = 120;
const DAY_MINUTES = 1_440;

/** Descriptions are what an editor shows to those who write plans: in Russian. */
type Words = Readonly<Record<string, unknown>> & { readonly description?: string };

const expecting = (expects: PlanExpectation, options: Words): Words => ({ ...options, expects });

const Text = (options: Words) =>
  Type.String({ minLength: 1, maxLength: MAX_WORDS, ...expecting('text', options) });
const TimeOfDay = (options: Words) =>
  Type.String({ pattern: TIME_OF_DAY_PATTERN, ...expecting('timeOfDay', options) });
const Time = (options: Words = {}) =>
  Type.String({ pattern: PLAN_TIME_PATTERN, ...expecting('planTime', options) });
const TimeOrNull = (options: Words) =>
  Type.Union([Time(), Type.Null()], expecting('planTimeOrNull', options));
const Code = Type.String({ pattern: '^[0-9]{4}$', ...expecting('code', {}) });
const PORT = '[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]';
const Host = Type.String({
  maxLength: 253,
  pattern: `^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*(:(${PORT}))?$`,
  ...expecting('host', {}),
});
const Whole = (options: Words) => Type.Integer(expecting('wholeNumber', options));
const Choice = <const T extends string>(values: readonly T[], options: Words = {}) =>
  Type.Enum([...values], expecting('choice', options));
const List = <T extends TSchema>(items: T, maxItems: number, options: Words = {}) =>
  Type.Array(items, { maxItems, ...expecting('list', options) });
const Keys = <T extends Record<string, TSchema>>(properties: T, options: Words = {}) =>
  Type.Object(properties, { additionalProperties: false, ...expecting('keys', options) });

const Kinds = (options: Words) =>
  List(Choice(participantKinds), participantKinds.length * 2, options);

/** A limit that may be set; what is a share stays one. */
const ThresholdValues = Keys(
  Object.fromEntries(
    Object.entries(defaultThresholds).map(([key, value]) => [
      key,
      Type.Optional(
        Type.Number({
          ...(key === 'soundMinDecibels' ? { minimum: -120, maximum: 0 } : { minimum: 0 }),
          ...(key.endsWith('Ratio') || key === 'cameraNeedsAudio' ? { maximum: 1 } : {}),
          ...expecting('number', { default: value }),
        }),
      ),
    ]),
  ),
  { description: 'Пороги проверок; что не названо, остаётся по умолчанию' },
) as unknown as Type.TUnsafe<Partial<Thresholds>>;

const StageEntry = (index: number) => {
  const { due, amber, red, target } = defaultStages[index] ?? {};
  return Type.Optional(
    Keys({
      due: Type.Optional(
        TimeOrNull({ default: due, description: 'Срок; null: срока нет, этап только показан' }),
      ),
      amber: Type.Optional(
        TimeOrNull({ default: amber, description: 'С этого времени опоздание жёлтое' }),
      ),
      red: Type.Optional(
        TimeOrNull({ default: red, description: 'С этого времени опоздание красное' }),
      ),
      target: Type.Optional(
        Type.Number({
          minimum: 0,
          maximum: 1,
          ...expecting('number', {
            default: target,
            description: 'Доля аудиторий или мест, с которой этап пройден: 1 — все',
          }),
        }),
      ),
    }),
  );
};

const ExamEntry = Keys({
  subject: Text({ description: 'Предмет' }),
  kind: Choice(examKinds, { description: 'written, kege (КЕГЭ) или speaking (говорение)' }),
  startAt: Type.Optional(
    TimeOfDay({ default: DEFAULT_EXAM_START, description: 'Начало по местному времени ППЭ' }),
  ),
  durationMinutes: Whole({
    minimum: 1,
    maximum: DAY_MINUTES,
    description: 'Сколько минут идёт; говорение — со всеми группами',
  }),
});

const ModeEntry = Keys({
  mode: Choice(['quiet', 'off'], { description: 'quiet: без активных проверок; off: ничего' }),
  roles: Type.Array(Choice(roles), {
    minItems: 1,
    maxItems: roles.length * 2,
    ...expecting('list', { description: 'Роли рабочих мест; hq и video не замолкают никогда' }),
  }),
  from: Time({ description: 'С какого времени' }),
  to: Time({ description: 'До какого времени' }),
});

/** The YAML that people write. A short one is enough: the rest is in `plan-defaults.ts`. */
export const PlanDocumentSchema = Keys(
  {
    id: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$',
      ...expecting('planId', { description: 'Короткое имя плана, обычно дата' }),
    }),
    title: Text({ description: 'Название, как его читают люди' }),
    date: Type.String({
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
      ...expecting('date', { description: 'День экзаменов, ГГГГ-ММ-ДД' }),
    }),
    archive: Type.Optional(
      Type.Boolean(
        expecting('flag', {
          default: false,
          description: 'true: план прошедшего дня, его дата — не ошибка',
        }),
      ),
    ),
    timeZone: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z][A-Za-z0-9_+/-]{0,59}$',
        ...expecting('timeZone', {
          default: DEFAULT_TIME_ZONE,
          description: 'Зона региона (IANA)',
        }),
      }),
    ),
    coordinator: Type.Optional(Text({ description: 'Кто отвечает за апробацию в регионе' })),
    subjects: Type.Optional(
      List(Text({}), MAX_EXAMS, { description: 'Предметы; по умолчанию — из exams' }),
    ),
    technologies: Type.Optional(
      List(Choice(technologies), technologies.length * 2, { description: 'Что отрабатывается' }),
    ),
    participants: Keys(
      {
        kinds: Kinds({ description: 'Какие площадки участвуют' }),
        only: Type.Optional(
          List(Code, MAX_CODES, { description: 'Только эти ППЭ: коды в кавычках' }),
        ),
        except: Type.Optional(
          List(Code, MAX_CODES, { description: 'Кроме этих площадок: коды в кавычках' }),
        ),
      },
      { description: 'Кто участвует; остальные — «не участвует»' },
    ),
    video: Type.Optional(
      Type.Union(
        [
          Keys({
            participants: Kinds({ description: 'Где проверяется видеонаблюдение' }),
            municipal: Type.Optional(
              Kinds({ description: 'Где муниципалитет проверяет его сам (только ППЭ)' }),
            ),
          }),
          Type.Null(),
        ],
        expecting('keysOrNull', { description: 'Тестирование видеонаблюдения' }),
      ),
    ),
    exams: Type.Optional(List(ExamEntry, MAX_EXAMS, { description: 'Экзамены дня' })),
    stages: Type.Optional(
      Keys(Object.fromEntries(stageIds.map((id, index) => [id, StageEntry(index)])), {
        description: 'Сроки этапов, которые отличаются от обычных',
      }),
    ) as unknown as Type.TOptional<Type.TUnsafe<StageEntries>>,
    modes: Type.Optional(
      List(ModeEntry, MAX_MODE_RULES, {
        default: defaultModes,
        description: 'Когда рабочие места молчат; заменяет обычное правило целиком',
      }),
    ),
    thresholds: Type.Optional(
      Keys({
        all: Type.Optional(ThresholdValues),
        roles: Type.Optional(
          Keys(
            Object.fromEntries(roles.map((role) => [role, Type.Optional(ThresholdValues)])),
          ) as unknown as Type.TUnsafe<
            Partial<Record<(typeof roles)[number], Partial<Thresholds>>>
          >,
        ),
      }),
    ),
    hosts: Type.Optional(
      Keys(
        {
          videoPortal: Type.Optional(List(Host, MAX_HOSTS)),
          emPortal: Type.Optional(List(Host, MAX_HOSTS)),
        },
        { description: 'Узлы, с которыми Штаб проверяет связь: имя или имя:порт' },
      ),
    ),
    throughput: Type.Optional(
      Keys({
        everyMinutes: Type.Optional(
          Type.Number({
            minimum: 0,
            maximum: DAY_MINUTES,
            ...expecting('number', {
              default: defaultThroughput.everyMinutes,
              description: 'Проба скорости раз в столько минут на ППЭ; 0: никогда',
            }),
          }),
        ),
        maxBytes: Type.Optional(
          Whole({
            minimum: 10_000,
            maximum: limits.throughputBytes,
            default: defaultThroughput.maxBytes,
          }),
        ),
        closedFrom: Type.Optional(TimeOfDay({ default: defaultThroughput.closedFrom })),
        closedTo: Type.Optional(TimeOfDay({ default: defaultThroughput.closedTo })),
      }),
    ),
    print: Type.Optional(
      Keys({
        setsPerRoom: Type.Optional(
          Whole({ minimum: 1, maximum: 1_000, default: defaultPrint.setsPerRoom }),
        ),
        pagesPerSet: Type.Optional(
          Whole({ minimum: 1, maximum: 1_000, default: defaultPrint.pagesPerSet }),
        ),
        pagesPerMinute: Type.Optional(
          Type.Number({
            minimum: 1,
            maximum: 1_000,
            ...expecting('number', { default: defaultPrint.pagesPerMinute }),
          }),
        ),
        startAt: Type.Optional(Time({ default: defaultPrint.startAt })),
      }),
    ),
    emPackage: Type.Optional(
      Keys({
        bytes: Type.Optional(
          Whole({ minimum: 1, maximum: limits.emPackageBytes, default: defaultEmPackage.bytes }),
        ),
        deadline: Type.Optional(Time({ default: defaultEmPackage.deadline })),
        openFrom: Type.Optional(Time({ default: defaultEmPackage.openFrom })),
      }),
    ),
  },
  { description: 'План апробации' },
);
export type PlanDocument = Static<typeof PlanDocumentSchema>;

interface StageEntry {
  readonly due?: string | null;
  readonly amber?: string | null;
  readonly red?: string | null;
  readonly target?: number;
}
type StageEntries = Partial<Record<(typeof stageIds)[number], StageEntry>>;
