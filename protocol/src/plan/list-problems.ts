import type { Region } from '../region/region.ts';
import { neverQuietRoles } from './agent-plan-of.ts';
import { participantKindOf } from './involvement.ts';
import type { ExamKind, Plan, Technology } from './plan.ts';
import { planError, planWarning, type PlanProblem } from './plan-problem.ts';

type Path = PlanProblem['path'];

const technologyOfKind: Readonly<Partial<Record<ExamKind, Technology>>> = {
  kege: 'kege',
  speaking: 'speaking',
};

/** Lists that say something twice, or against each other. */
export function listProblems(plan: Plan): PlanProblem[] {
  const { participants, video, modes } = plan;
  const lists: (readonly [Path, readonly string[]])[] = [
    [['subjects'], plan.subjects],
    [['technologies'], plan.technologies],
    [['participants', 'kinds'], participants.kinds],
    [['participants', 'only'], participants.only],
    [['participants', 'except'], participants.except],
    [['video', 'participants'], video?.participants ?? []],
    [['video', 'municipal'], video?.municipal ?? []],
    ...modes.map(({ roles }, index) => [['modes', index, 'roles'], roles] as const),
  ];
  return [
    ...(plan.exams.length === 0 && video === null ? [planError([], 'nothingRehearsed')] : []),
    ...lists.flatMap(([path, list]) => repeats(path, list)),
    ...crossings(plan),
    ...examRepeats(plan),
    ...quietProblems(plan),
  ];
}

/** What a plan says of sites that the region does not hold, or that are of another kind. */
export function regionProblems(plan: Plan, region: Region): PlanProblem[] {
  const { participants, video } = plan;
  const kindOf = new Map(region.sites.map((site) => [site.code, participantKindOf(site)]));
  const taking = new Set([...participants.kinds, ...(video?.participants ?? [])]);
  const held = new Set(kindOf.values());
  const unknown = (['only', 'except'] as const).flatMap((key) =>
    participants[key].flatMap((code, index) =>
      kindOf.has(code)
        ? []
        : [planError(['participants', key, index], 'codeUnknown', { code, key })],
    ),
  );
  const strangers = participants.only.flatMap((code, index) => {
    const kind = kindOf.get(code);
    return kind === undefined || (kind !== null && kind.startsWith('ppe-') && taking.has(kind))
      ? []
      : [
          planWarning(['participants', 'only', index], 'codeOfOtherKind', {
            code,
            kind: kind ?? '–',
          }),
        ];
  });
  const lists = [
    [['participants', 'kinds'], participants.kinds],
    [['video', 'participants'], video?.participants ?? []],
    [['video', 'municipal'], video?.municipal ?? []],
  ] as const;
  const nobody = lists.flatMap(([path, kinds]) =>
    kinds.flatMap((kind, index) =>
      held.has(kind) ? [] : [planWarning([...path, index], 'kindMatchesNobody', { kind })],
    ),
  );
  const zone =
    region.timeZone === plan.timeZone
      ? []
      : [
          planWarning(['timeZone'], 'zoneOfRegionDiffers', {
            zone: plan.timeZone,
            regionZone: region.timeZone,
          }),
        ];
  return [...unknown, ...strangers, ...nobody, ...zone];
}

function repeats(path: Path, list: readonly string[]): PlanProblem[] {
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    if (seen.has(item)) return [planError([...path, index], 'listedTwice', { item })];
    seen.add(item);
    return [];
  });
}

function crossings({ participants, video }: Plan): PlanProblem[] {
  const only = new Set(participants.only);
  const tested = new Set(video?.participants);
  return [
    ...participants.except.flatMap((code, index) =>
      only.has(code) ? [planError(['participants', 'except', index], 'codeInBoth', { code })] : [],
    ),
    ...(video?.municipal ?? []).flatMap((kind, index) => {
      const path = ['video', 'municipal', index];
      if (!kind.startsWith('ppe-')) return [planError(path, 'municipalNotPpe', { kind })];
      return tested.has(kind) ? [planError(path, 'kindInBoth', { kind })] : [];
    }),
  ];
}

function examRepeats({ exams, technologies }: Plan): PlanProblem[] {
  const seen = new Set<string>();
  const twice = exams.flatMap(({ subject, kind }, index) => {
    const key = `${kind} ${subject}`;
    if (seen.has(key))
      return [planError(['exams', index, 'subject'], 'examTwice', { subject, kind })];
    seen.add(key);
    return [];
  });
  const unmatched = Object.values(technologyOfKind).flatMap((technology) => {
    const index = technologies.indexOf(technology);
    const exam = exams.findIndex(({ kind }) => technologyOfKind[kind] === technology);
    if (index >= 0 && exam < 0)
      return [planWarning(['technologies', index], 'technologyWithoutExam', { technology })];
    return index < 0 && exam >= 0
      ? [planWarning(['exams', exam, 'kind'], 'examWithoutTechnology', { technology })]
      : [];
  });
  return [...twice, ...unmatched];
}

function quietProblems({ modes }: Plan): PlanProblem[] {
  return modes.flatMap(({ roles, mode }, index) =>
    roles.flatMap((role, at) =>
      neverQuietRoles.includes(role)
        ? [planError(['modes', index, 'roles', at], 'neverQuiet', { role, mode })]
        : [],
    ),
  );
}
