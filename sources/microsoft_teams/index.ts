import { defineSource } from '../../libs/connect/source.ts'
import { check } from './check.ts'
import { GraphClient } from './client.ts'
import { channelMembersFeed } from './feeds/channel_members.ts'
import { channelMessagesFeed } from './feeds/channel_messages.ts'
import { channelsFeed } from './feeds/channels.ts'
import { membersFeed } from './feeds/members.ts'
import { teamsFeed } from './feeds/teams.ts'
import { options } from './options.ts'
import { channelMembers } from './tables/channel_members.ts'
import { channels } from './tables/channels.ts'
import { members } from './tables/members.ts'
import { messageReplies } from './tables/message_replies.ts'
import { messages } from './tables/messages.ts'
import { teams } from './tables/teams.ts'

/** Microsoft Teams by Microsoft Graph v1.0, application permissions. */
export const microsoftTeams = defineSource<GraphClient>({
  name: 'microsoft_teams',
  displayName: 'Microsoft Teams',
  options,
  tables: [teams, channels, members, channelMembers, messages, messageReplies],
  feeds: [teamsFeed, channelsFeed, membersFeed, channelMembersFeed, channelMessagesFeed],
  account: (resolved) => String(resolved.tenant_id).toLowerCase(),
  connect: (resolved, runtime) => new GraphClient(resolved, runtime),
  check,
})
