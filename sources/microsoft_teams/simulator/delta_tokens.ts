import type { Instant } from '../../../libs/connect/instant.ts'
import { stableGuid } from '../../../libs/simulator/random.ts'

/** What a `$skiptoken` or `$deltatoken` of a channel's delta holds. Positions are those of the channel's log. */
export interface DeltaToken {
  kind: 'skip' | 'delta'
  channel: string
  /** Where the round begins and ends; in a delta token the next round begins at `from`. */
  from: number
  end: number
  /** Where the page begins, in steps of a round (see `delta_round.ts`). */
  place: number
  /** The first request's options. `after`: bound of `$filter`, null without one. */
  after: Instant | null
  /** First round only: chains that have been quiet since then are left out. */
  horizon: Instant | null
  top: number
  expand: boolean
  issuedAt: Instant
  /** Makes two tokens for one place differ. */
  nonce: number
}

/** Opaque text in two parts, as in the samples; the second one proves who wrote the first. */
export function writeDeltaToken(token: DeltaToken, secret: string): string {
  const text = Buffer.from(JSON.stringify(token)).toString('base64url')
  return `${text}.${proof(text, secret)}`
}

/** Undefined for text that was not written with this secret. */
export function readDeltaToken(text: string, secret: string): DeltaToken | undefined {
  const [payload, signature, ...more] = text.split('.')
  if (!payload || more.length > 0 || signature !== proof(payload, secret)) return undefined
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as DeltaToken
}

function proof(text: string, secret: string): string {
  return stableGuid(`${secret} ${text}`).replaceAll('-', '')
}
