import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import pg from 'pg';
import { z } from 'zod';
import { NotInForce } from '../../kernel/dated.ts';
import { formatDay } from '../../kernel/format.ts';
import { isLocalDate } from '../../kernel/local-date.ts';
import { type FieldProblem, httpStatus, invalid, Problem, type ProblemParams, refused } from '../../kernel/problem.ts';
import { preferredLanguage, translate } from '../messages.ts';

/** `application/problem+json` (RFC 9457): what is wrong, where, and what to do, in the reader's language. */
export type ProblemDocument = {
  type: string;
  status: number;
  code: string;
  title: string;
  detail: string;
  params: Record<string, unknown>;
  fields: { path: string; code: string; message: string }[];
  requestId: string;
};

/**
 * Constraints of the database whose violation is a refusal of the trade rather than a fault of the program: two people
 * at once, or a number already used. The names are those of the migrations.
 */
const constraintCodes: Record<string, string> = {
  one_running_tenancy_per_dwelling: 'E-LEASE-OVERLAP',
  one_open_vacancy_per_dwelling: 'E-VACANCY-OPEN',
  one_open_notice_per_tenancy: 'E-NOTICE-OPEN',
  one_open_proposal_per_vacancy: 'E-PROPOSAL-OPEN',
  one_orientation_in_force: 'E-ORIENTATION-DONE',
  one_candidacy_per_unique_number: 'E-CANDIDATE-TWICE',
  one_candidacy_per_application: 'E-CANDIDATE-TWICE',
  one_pending_offer_per_vacancy: 'E-OFFER-OPEN',
  one_decision_per_candidate: 'E-DECISION-DONE',
  one_pending_line_per_vacancy: 'E-AGENDA-TWICE',
  one_running_contract_per_dwelling: 'E-CONTRACT-OVERLAP',
};

/** The refusal an error stands for, or `undefined` when it is a fault of ours. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof NotInForce) return refused('E-LAW-01', { subject: error.subject, on: error.on });
  if (error instanceof z.ZodError) return invalid('E-FIELDS-01', {}, error.issues.map(fieldOf));
  if (error instanceof pg.DatabaseError) return databaseProblem(error);
  const { statusCode, code } = error as FastifyError;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return invalid('E-BODY-02');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return invalid('E-BODY-03');
  if (statusCode && statusCode < 500) return invalid('E-BODY-01');
  return undefined;
}

function databaseProblem(error: pg.DatabaseError): Problem | undefined {
  const { code, constraint } = error;
  if (constraint && constraintCodes[constraint]) return refused(constraintCodes[constraint]);
  switch (code) {
    case '23505':
    case '23P01':
      return refused('E-UNIQUE-01', { constraint: constraint ?? '' });
    case '23503':
      return invalid('E-REFERENCE-01', { constraint: constraint ?? '' });
    case '23514':
      return invalid('E-CHECK-01', { constraint: constraint ?? '' });
    case '22P02':
    case '22003':
    case '22007':
    case '22008':
      return invalid('E-FIELDS-01');
    case '22021':
    case '22P05':
      return invalid('E-FIELD-CHARACTERS');
    case '40001':
    case '40P01':
    case '55P03':
      return refused('E-BUSY-01');
    case '42501':
      return new Problem('forbidden', 'E-ACCESS-01');
    default:
      return undefined;
  }
}

/** The code of a field's refusal: the schema's own (`E-IBAN-01`), or a general one. */
function fieldOf(issue: z.core.$ZodIssue): FieldProblem {
  const path = issue.path.join('.');
  if (/^E-[A-Z0-9-]+$/.test(issue.message)) return { path, code: issue.message };
  switch (issue.code) {
    case 'invalid_type':
      return { path, code: issue.input === undefined ? 'E-FIELD-REQUIRED' : 'E-FIELD-FORM' };
    case 'invalid_value':
      return { path, code: 'E-FIELD-CHOICE', params: { choices: issue.values.join(', ') } };
    case 'too_big':
      return { path, code: 'E-FIELD-MAX', params: { maximum: Number(issue.maximum) } };
    case 'too_small':
      return { path, code: 'E-FIELD-MIN', params: { minimum: Number(issue.minimum) } };
    case 'invalid_union': {
      // « Empty or a number that proves itself »: the number's own refusal says more than the form of the choice.
      const coded = issue.errors.flat().find((inner) => /^E-[A-Z0-9-]+$/.test(inner.message));
      return { path, code: coded?.message ?? 'E-FIELD-FORM' };
    }
    case 'unrecognized_keys':
      return { path: [...issue.path, issue.keys[0]].join('.'), code: 'E-FIELD-UNKNOWN' };
    default:
      return { path, code: 'E-FIELD-FORM' };
  }
}

/** Answers a refusal, or hides a fault behind its request number: no stack trace ever leaves. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  if (!problem) request.log.error({ err: error }, 'fault');
  const status = problem ? httpStatus[problem.kind] : statusOfFault(error);
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .send(
      describeProblem(
        problem ?? new Problem('refused', isDiskFull(error) ? 'E-FAULT-02' : 'E-FAULT-01'),
        request,
        status,
      ),
    );
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? '';

/** A full disk or a lost database is said as such: try again later. */
const statusOfFault = (error: unknown): number =>
  isDiskFull(error) || ['53200', '53300', '57P01', '57P03', 'ECONNREFUSED', 'ECONNRESET'].includes(codeOf(error))
    ? 503
    : 500;

const isDiskFull = (error: unknown): boolean => ['53100', 'ENOSPC', 'EDQUOT'].includes(codeOf(error));

export function describeProblem(
  problem: Problem,
  request: Pick<FastifyRequest, 'headers' | 'id'>,
  status?: number,
): ProblemDocument {
  const t = translate(preferredLanguage(request.headers['accept-language']));
  const key = `problems.${problem.code}`;
  const params = readable(problem.params);
  return {
    type: `https://palier.example/problems/${problem.code}`,
    status: status ?? httpStatus[problem.kind],
    code: problem.code,
    title: t(`${key}.title`, params),
    detail: t(`${key}.detail`, params),
    params: problem.params,
    fields: problem.fields.map(({ path, code, params }) => ({ path, code, message: t(`fields.${code}`, params) })),
    requestId: request.id,
  };
}

/** Days in a sentence are written as people write them. */
function readable(params: ProblemParams): ProblemParams {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' && isLocalDate(value) ? formatDay(value, 'fr') : value,
    ]),
  );
}
