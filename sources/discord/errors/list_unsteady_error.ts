import { ParleyError } from '../../../libs/connect/error.ts'

/** A channel's list ends before a message that the same list shows when it is asked for the newest one. */
export class ListUnsteadyError extends ParleyError {
  readonly code = 'PARLEY_DISCORD_LIST_UNSTEADY'
  readonly kind = 'source'

  constructor(channelId: string) {
    super(`The messages of channel ${channelId} end, time and again, before a newer one that Discord shows.`, {
      remedy: 'Run again later: the next sync goes on where this one stopped.',
      details: { channel_id: channelId },
    })
  }
}
