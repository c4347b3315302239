/**
 * Refusals. There are seven kinds, and as many codes as there are reasons to say no: the kind gives the HTTP status,
 * the code gives the sentence in the reader's language (`problems.<code>` in the message files).
 */
export type ProblemKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'refused'
  | 'conflict'
  | 'too-large';

export type ProblemParams = Record<string, string | number | boolean | null>;

export type FieldProblem = { path: string; code: string; params?: ProblemParams };

export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly code: string;
  readonly params: ProblemParams;
  readonly fields: FieldProblem[];

  constructor(kind: ProblemKind, code: string, params: ProblemParams = {}, fields: FieldProblem[] = []) {
    super(`${kind}: ${code}`);
    this.name = 'Problem';
    this.kind = kind;
    this.code = code;
    this.params = params;
    this.fields = fields;
  }
}

/** The request itself is wrong: a field is missing or malformed. */
export const invalid = (code: string, params?: ProblemParams, fields?: FieldProblem[]) =>
  new Problem('invalid', code, params, fields);

/** Nobody is signed in, or the session has ended. */
export const unauthenticated = (code = 'E-SIGN-IN-01') => new Problem('unauthenticated', code);

/** The actor may see the thing, but not do this to it. */
export const forbidden = (code = 'E-ACCESS-01', params?: ProblemParams) => new Problem('forbidden', code, params);

/** It does not exist, or the actor may not know that it does: the answer is the same. */
export const notFound = (code = 'E-NOT-FOUND-01', params?: ProblemParams) => new Problem('not-found', code, params);

/** The trade says no: the request is well formed, but a rule refuses it in the present state. */
export const refused = (code: string, params?: ProblemParams, fields?: FieldProblem[]) =>
  new Problem('refused', code, params, fields);

/** More was sent than is taken. */
export const tooLarge = (code: string, params?: ProblemParams) => new Problem('too-large', code, params);

/** Somebody else was faster. */
export const conflict = (code: string, params?: ProblemParams) => new Problem('conflict', code, params);

export const httpStatus: Record<ProblemKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  refused: 409,
  conflict: 409,
  'too-large': 413,
};
