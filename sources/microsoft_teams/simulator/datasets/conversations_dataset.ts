import type { Instant } from '../../../../libs/connect/instant.ts'
import { type ConversationRow, readConversations } from '../../../../libs/simulator/conversations.ts'
import type { Channel, Message, Team } from '../model.ts'
import { seasonMessage } from '../seasoning.ts'
import type { Tenant } from '../tenant.ts'

export interface ConversationsDataset {
  ndjson: string
  /** Default 25. */
  teams?: number
  /** Rows at most; default all. */
  limit?: number
}

/**
 * Conversations become channels, dealt to the teams in turn. A reply to a reply is flattened to the root of its
 * chain, because Teams has one level. System lines become system events, authors stable users.
 */
export async function loadConversations(
  tenant: Tenant,
  dataset: ConversationsDataset,
  sharedChannels: number,
): Promise<void> {
  const teams: Team[] = []
  let channel: Channel | undefined
  let conversation: string | undefined
  let bySeq: Message[] = []
  let rows = 0
  let conversations = 0
  for await (const row of readConversations(dataset.ndjson)) {
    if (rows++ === (dataset.limit ?? Number.POSITIVE_INFINITY)) break
    if (row.conversation !== conversation) {
      conversation = row.conversation
      channel = nextChannel(tenant, teams, dataset.teams ?? 25, conversations++, row, sharedChannels)
      bySeq = []
    }
    bySeq[row.seq] = addRow(tenant, channel!, row, bySeq)
  }
}

function nextChannel(
  tenant: Tenant,
  teams: Team[],
  count: number,
  index: number,
  row: ConversationRow,
  shared: number,
): Channel {
  if (teams.length < count) {
    const number = teams.length + 1
    teams.push(tenant.addTeam(`Support ${number}`, `Questions and answers, desk ${number}`, dayBefore(row.sent_at)))
  }
  const team = teams[index % count]!
  const position = team.channels.length
  const membershipType =
    position === 1 && index % count < shared ? 'shared' : position % 7 === 5 ? 'private' : 'standard'
  return tenant.addChannel(team, position === 0 ? 'General' : row.conversation, membershipType, dayBefore(row.sent_at))
}

function addRow(tenant: Tenant, channel: Channel, row: ConversationRow, bySeq: readonly Message[]): Message {
  const answered = row.reply_to === null ? undefined : bySeq[row.reply_to]
  const author = row.kind === 'system' ? null : tenant.user(row.author ?? 'somebody')
  const root = answered ? (answered.root ?? answered) : null
  const message = tenant.addMessage(channel, { at: row.sent_at, author, text: row.text, root, shown: false })
  seasonMessage(message, tenant.users, Number.POSITIVE_INFINITY)
  tenant.show(message)
  return message
}

function dayBefore(at: Instant): Instant {
  return at - 86_400_000
}
