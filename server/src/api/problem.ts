/**
 * A refusal as an RFC 9457 problem document. `kind` is the stable part of `type`; `detail` says
 * what is wrong with this request and what to do next. Never holds internals.
 */
export class Problem extends Error {
  readonly status: number;
  readonly kind: string;

  constructor(status: number, kind: string, detail: string) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.kind = kind;
  }
}

/** The media type of problem documents. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too big',
  415: 'Unsupported media type',
  422: 'Not acceptable as it is',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not ready',
};

/** The document for a problem. */
export function problemDocument(problem: Problem): Record<string, unknown> {
  return {
    type: `urn:ppe-pulse:problem:${problem.kind}`,
    title: titles[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
  };
}
