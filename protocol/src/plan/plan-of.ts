import type { StagePlan, Plan } from './plan.ts';
import type { PlanDocument } from './plan-document.ts';
import {
  DEFAULT_EXAM_START,
  DEFAULT_TIME_ZONE,
  defaultEmPackage,
  defaultHosts,
  defaultModes,
  defaultPrint,
  defaultStages,
  defaultThroughput,
} from './plan-defaults.ts';

/** The plan of a document that fits its schema: what the document leaves out is by default. */
export function planOf(document: PlanDocument): Plan {
  const { participants, video, thresholds } = document;
  const exams = (document.exams ?? []).map((exam) => ({ startAt: DEFAULT_EXAM_START, ...exam }));
  return {
    id: document.id,
    title: document.title,
    date: document.date,
    timeZone: document.timeZone ?? DEFAULT_TIME_ZONE,
    coordinator: document.coordinator ?? '',
    subjects: document.subjects ?? [...new Set(exams.map(({ subject }) => subject))],
    technologies: document.technologies ?? [],
    participants: {
      kinds: participants.kinds,
      only: participants.only ?? [],
      except: participants.except ?? [],
    },
    video: video ? { participants: video.participants, municipal: video.municipal ?? [] } : null,
    exams,
    stages: defaultStages.map((stage) => stageOf(stage, document.stages?.[stage.id])),
    modes: document.modes ?? defaultModes,
    thresholds: { all: thresholds?.all ?? {}, roles: thresholds?.roles ?? {} },
    hosts: { ...defaultHosts, ...document.hosts },
    throughput: { ...defaultThroughput, ...document.throughput },
    print: { ...defaultPrint, ...document.print },
    emPackage: { ...defaultEmPackage, ...document.emPackage },
  };
}

/** A stage that lost its deadline has nothing to be late for, unless the document says so again. */
function stageOf(stage: StagePlan, entry: Partial<Omit<StagePlan, 'id'>> | undefined): StagePlan {
  const base = entry?.due === null ? { ...stage, amber: null, red: null } : stage;
  return { ...base, ...entry, id: stage.id };
}
