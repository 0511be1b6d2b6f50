import { ParleyError } from '../../../libs/connect/error.ts'

/** A 429 of Cloudflare with a wait of many minutes: the address is banned (reference discord §8). Every further request would prolong it. */
export class DiscordBannedError extends ParleyError {
  readonly code = 'PARLEY_DISCORD_BANNED'
  readonly kind = 'source'
  override readonly endsRun = true

  /** `until`: ms since 1970. */
  constructor(until: number, seconds: number) {
    const at = new Date(until).toISOString()
    super(`Discord takes no requests from this address until ${at}.`, {
      remedy: `Run again after ${at}: it goes on where it stopped. Until then stop all else that uses the API from this address; too many answers 401, 403 or 429 in ten minutes are the usual reason.`,
      details: { until: at, retry_after_seconds: Math.ceil(seconds) },
    })
  }
}
