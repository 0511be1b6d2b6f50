import { ParleyError } from '../../../libs/connect/error.ts'

/** So many answers 401, 403 and 429 that more of them would have the address banned (reference discord §8). Parley stops before. */
export class DiscordInvalidRequestsError extends ParleyError {
  readonly code = 'PARLEY_DISCORD_INVALID_REQUESTS'
  readonly kind = 'source'
  override readonly endsRun = true

  /** `until`: ms since 1970. `count` of the `most` that Discord takes in ten minutes. */
  constructor(count: number, most: number, until: number) {
    const at = new Date(until).toISOString()
    super(
      `${count} requests in ten minutes were refused (401, 403 or 429); at ${most} Discord bans the address for a day.`,
      {
        remedy: `Run again after ${at}: it goes on where it stopped. Leave out the channels that the bot may not read, or let it read them.`,
        details: { count, most, until: at },
      },
    )
  }
}
