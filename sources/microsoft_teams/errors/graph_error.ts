import { ParleyError } from '../../../libs/connect/error.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'

export interface GraphErrorInit {
  status: number
  /** Graph's `error.code`, empty where the body had none. Its `message` is for display only: texts change (reference §4). */
  graphCode: string
  graphMessage: string
  /** `GET /v1.0/teams/…`, without query. */
  request: string
  /** `request-id` of the answer: what Microsoft's support asks for. */
  requestId: string | undefined
}

/** The base of every refusal by Graph that concerns the request, not the connection. */
export abstract class GraphError extends ParleyError {
  readonly status: number
  readonly graphCode: string

  constructor(message: string, remedy: string, init: GraphErrorInit, details: JsonObject = {}) {
    super(init.graphMessage === '' ? message : `${message} Graph says: ${init.graphMessage}`, {
      remedy,
      details: {
        status: init.status,
        graph_code: init.graphCode,
        request: init.request,
        ...(init.requestId === undefined ? {} : { request_id: init.requestId }),
        ...details,
      },
    })
    this.status = init.status
    this.graphCode = init.graphCode
  }
}
