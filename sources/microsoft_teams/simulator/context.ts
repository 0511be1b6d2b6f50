import type { Exchange } from '../../../libs/simulator/exchange.ts'
import type { Random } from '../../../libs/simulator/random.ts'
import type { SimulatorServer } from '../../../libs/simulator/server.ts'
import type { Access } from './access.ts'
import type { RenderOptions } from './render_message.ts'
import type { Tenant } from './tenant.ts'
import type { LateChanges } from './visibility.ts'

/** Options after defaults. */
export interface Settings {
  throttle: 'documented' | 'off'
  exportPerTeam: 'strict' | 'loose'
  missingRetryAfter: number
  tokenSeconds: number
  tokenRequests: number
  lateVisibilityMs: number
  pageSizeMax: number
  pageSize: number
  teamsPageSize: number
  inlineReplies: number
  pageTokenSeconds: number
  delta: 'on' | 'unsupported'
  deltaTokenSeconds: number
  deltaExpiry: 'gone' | 'bad_request' | 'not_found'
  deltaReplays: number
}

/** What every call of the simulator works with. */
export interface Context {
  tenant: Tenant
  access: Access
  late: LateChanges
  settings: Settings
  random: Random
  server(): SimulatorServer
}

/** The request's wish for enum members after the sentinel. */
export function preferences(exchange: Exchange): RenderOptions {
  return { unknownEnumMembers: /include-unknown-enum-members/i.test(String(exchange.headers.prefer ?? '')) }
}
