import type { User } from './model.ts'

/** The bot: its token and what the developer portal allows it. */
export class Access {
  readonly bot: User
  readonly applicationId: string
  token: string
  /** Privileged intents, which gate REST answers as well (reference §7). */
  messageContent: boolean
  guildMembers: boolean
  /** A verified bot has the full flags, others the limited ones. */
  readonly verified: boolean

  constructor(
    bot: User,
    settings: { token: string; messageContent: boolean; guildMembers: boolean; verified: boolean },
  ) {
    this.bot = bot
    this.applicationId = bot.id
    this.token = settings.token
    this.messageContent = settings.messageContent
    this.guildMembers = settings.guildMembers
    this.verified = settings.verified
  }

  /** `application.flags`: bits 14 or 15 for members, 18 or 19 for content. */
  flags(): number {
    const members = this.guildMembers ? 1 << (this.verified ? 14 : 15) : 0
    const content = this.messageContent ? 1 << (this.verified ? 18 : 19) : 0
    return members | content
  }
}
