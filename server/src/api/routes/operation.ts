import { Type } from 'typebox';
import type { JobRun } from '../../state/job-runs.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';

const Time = Type.String({ format: 'date-time' });
const JobView = Type.Object({
  job: Type.String(),
  startedAt: Time,
  endedAt: Time,
  outcome: Type.String(),
  report: Type.Unknown(),
});

/** Keeping the collector: what scheduled jobs did, maintenance now, a backup now. */
export function operationRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/api/v1/jobs',
    { schema: { response: { 200: Type.Object({ items: Type.Array(JobView) }) } } },
    () => ({ items: context.jobs.list(100).map(jobView) }),
  );

  app.post('/api/v1/jobs/maintenance', { schema: { response: { 200: JobView } } }, async () =>
    jobView(await context.maintenance.run()),
  );

  app.post(
    '/api/v1/backups',
    {
      schema: {
        body: Type.Object(
          { directory: Type.String({ minLength: 1, maxLength: 1_024 }) },
          { additionalProperties: false },
        ),
        response: {
          201: Type.Object({
            directory: Type.String(),
            files: Type.Integer(),
            bytes: Type.Integer(),
          }),
        },
      },
    },
    async (request, reply) => {
      const outcome = await context.backup.write(request.body.directory, context.clock.wallMs());
      if (outcome.kind === 'refused') throw new Problem(409, 'backupRefused', outcome.reason);
      const { directory, manifest } = outcome;
      const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
      void reply.code(201);
      return { directory, files: manifest.files.length, bytes };
    },
  );
}

function jobView(run: JobRun) {
  return {
    job: run.job,
    startedAt: new Date(run.startedAtMs).toISOString(),
    endedAt: new Date(run.endedAtMs).toISOString(),
    outcome: run.outcome,
    report: run.report,
  };
}
