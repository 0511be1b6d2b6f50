import { ParleyError } from '../../../libs/connect/error.ts'

/** More threads were archived at one moment than a page holds: Discord's cursor is that moment, and passes over the rest. */
export class ListTiedError extends ParleyError {
  readonly code = 'PARLEY_DISCORD_LIST_TIED'
  readonly kind = 'source'

  constructor(channelId: string) {
    super(`More threads of channel ${channelId} were archived at one moment than Discord lists: some are missing.`, {
      remedy:
        'Open some of the threads of that moment and archive them again, or name those that are missing in channel_id.',
      details: { channel_id: channelId },
    })
  }
}
