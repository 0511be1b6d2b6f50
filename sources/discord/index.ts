import { defineSource } from '../../libs/connect/source.ts'
import { check } from './check.ts'
import { accountOf } from './client/account.ts'
import { DiscordClient } from './client.ts'
import { channelMessagesFeed } from './feeds/channel_messages.ts'
import { channelsFeed } from './feeds/channels.ts'
import { emojisFeed } from './feeds/emojis.ts'
import { guildsFeed } from './feeds/guilds.ts'
import { membersFeed } from './feeds/members.ts'
import { pinsFeed } from './feeds/pins.ts'
import { rolesFeed } from './feeds/roles.ts'
import { threadsFeed } from './feeds/threads.ts'
import { options } from './options.ts'
import { attachments } from './tables/attachments.ts'
import { channels } from './tables/channels.ts'
import { emojis } from './tables/emojis.ts'
import { guilds } from './tables/guilds.ts'
import { members } from './tables/members.ts'
import { messageReactions } from './tables/message_reactions.ts'
import { messages } from './tables/messages.ts'
import { pins } from './tables/pins.ts'
import { roles } from './tables/roles.ts'
import { threads } from './tables/threads.ts'

/** Discord by its REST API v10, as a bot. */
export const discord = defineSource<DiscordClient>({
  name: 'discord',
  displayName: 'Discord',
  options,
  tables: [guilds, channels, threads, roles, members, messages, messageReactions, attachments, pins, emojis],
  feeds: [guildsFeed, channelsFeed, threadsFeed, rolesFeed, membersFeed, emojisFeed, channelMessagesFeed, pinsFeed],
  account: accountOf,
  connect: (resolved, runtime) => new DiscordClient(resolved, runtime),
  check,
})
