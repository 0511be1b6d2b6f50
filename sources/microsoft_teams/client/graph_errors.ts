import type { HttpStatusError } from '../../../libs/http/http_status_error.ts'
import type { Redactor } from '../../../libs/http/redaction.ts'
import { BadRequestError } from '../errors/bad_request_error.ts'
import { CursorExpiredError } from '../errors/cursor_expired_error.ts'
import type { GraphError, GraphErrorInit } from '../errors/graph_error.ts'
import { NotFoundError } from '../errors/not_found_error.ts'
import { PaymentRequiredError } from '../errors/payment_required_error.ts'
import { PermissionMissingError } from '../errors/permission_missing_error.ts'
import { PreconditionFailedError } from '../errors/precondition_failed_error.ts'
import { TokenRejectedError } from '../errors/token_rejected_error.ts'
import { UnexpectedStatusError } from '../errors/unexpected_status_error.ts'
import { leastPermission } from './permissions.ts'

/** Graph's messages are shown, never decided on; longer ones say nothing more. */
const MAX_MESSAGE = 500
/** A GUID has 36 characters. */
const MAX_ID = 100

/** The error that an answer of Graph stands for, by status (reference §4). */
export function graphErrorOf(error: HttpStatusError, redactor: Redactor): GraphError {
  const path = String(error.details.path)
  const requestId = error.headers['request-id']
  const body = error.body as { error?: { code?: unknown; message?: unknown } } | undefined
  const { code, message } = typeof body?.error === 'object' && body.error !== null ? body.error : {}
  const init: GraphErrorInit = {
    status: error.status,
    graphCode: typeof code === 'string' ? redactor.text(code) : '',
    graphMessage: typeof message === 'string' ? redactor.text(message).slice(0, MAX_MESSAGE) : '',
    request: `${error.details.method} ${path}`,
    requestId: requestId === undefined ? undefined : redactor.text(requestId).slice(0, MAX_ID),
  }
  switch (error.status) {
    case 400:
      return new BadRequestError(init)
    case 401:
      return new TokenRejectedError(init)
    case 402:
      return new PaymentRequiredError(init)
    case 403:
      return new PermissionMissingError(init, leastPermission(path))
    case 404:
      return new NotFoundError(init)
    case 410:
      return new CursorExpiredError(init)
    case 412:
      return new PreconditionFailedError(init)
    default:
      return new UnexpectedStatusError(init)
  }
}
