import type { Reply, Request } from '../http.ts';
import type { Problem } from '../problem.ts';

/** A person reads on the board's page what is wrong with a link; a program gets the problem. */
export function linkRefused(request: Request, reply: Reply, problem: Problem): Reply {
  if (!(request.headers.accept ?? '').includes('text/html')) throw problem;
  return reply.header('cache-control', 'no-store').redirect('/sign-in?refused=link', 303);
}
