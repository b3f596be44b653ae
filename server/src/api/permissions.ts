/**
 * Who may call what. `public`: anybody; `slot`: the route checks a slot's token itself;
 * `admin`: a signed-in person or the scripts' token. A route that is missing here does not start.
 */
export const permissions: Readonly<Record<string, 'public' | 'slot' | 'admin'>> = {
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /sign-in/:code': 'public',
  'GET /api/v1/session': 'admin',
  'DELETE /api/v1/session': 'admin',
  'POST /api/v1/sign-in-links': 'admin',
  'GET /metrics': 'admin',
  'GET /metrics/fleet': 'admin',
  'GET /api/v1/openapi.json': 'admin',
  'GET /api/v1/collector': 'admin',
  'GET /api/v1/overview': 'admin',
  'GET /api/v1/sites': 'admin',
  'GET /api/v1/sites/:code': 'admin',
  'GET /api/v1/workstations': 'admin',
  'POST /api/v1/workstations': 'admin',
  'POST /api/v1/workstations/batch': 'admin',
  'GET /api/v1/workstations/:id': 'admin',
  'GET /api/v1/workstations/:id/series': 'admin',
  'GET /api/v1/workstations/:id/flips': 'admin',
  'GET /api/v1/percentiles': 'admin',
  'GET /api/v1/jobs': 'admin',
  'POST /api/v1/jobs/maintenance': 'admin',
  'POST /api/v1/backups': 'admin',
  'POST /api/v1/carried': 'admin',
  'GET /agent/v1/throughput': 'slot',
  'POST /agent/v1/throughput': 'slot',
  // The board's files hold nothing secret; what they show comes through the routes above.
  'GET /': 'public',
  'GET /*': 'public',
};
