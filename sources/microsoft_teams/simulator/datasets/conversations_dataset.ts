import type { Instant } from '../../../../libs/connect/instant.ts'
import { type ConversationRow, readConversations } from '../../../../libs/simulator/conversations.ts'
import type { Channel, Message, Team } from '../model.ts'
import { seasonMessage } from '../seasoning.ts'
import type { Tenant } from '../tenant.ts'

const DAY = 86_400_000

export interface ConversationsDataset {
  ndjson: string
  /** Default 25. */
  teams?: number
  /** Rows at most; default all. */
  limit?: number
}

/**
 * Conversations become channels, dealt to the teams in turn. A reply to a reply is flattened to the root of its
 * chain, because Teams has one level. System lines become system events, authors stable users. Every second channel
 * of a team is moved by whole days onto the day of the channel before it: people talk in several channels at a time,
 * and only so do message ids, which are milliseconds, repeat across channels.
 */
export async function loadConversations(
  tenant: Tenant,
  dataset: ConversationsDataset,
  sharedChannels: number,
): Promise<void> {
  const teams: Team[] = []
  let channel: Channel | undefined
  let shift = 0
  let conversation: string | undefined
  let bySeq: Message[] = []
  let rows = 0
  let conversations = 0
  for await (const row of readConversations(dataset.ndjson)) {
    if (rows++ === (dataset.limit ?? Number.POSITIVE_INFINITY)) break
    if (row.conversation !== conversation) {
      conversation = row.conversation
      const team = nextTeam(tenant, teams, dataset.teams ?? 25, conversations, row)
      shift = shiftOf(team, row.sent_at)
      channel = nextChannel(tenant, team, row, row.sent_at + shift, conversations % teams.length < sharedChannels)
      conversations++
      bySeq = []
    }
    bySeq[row.seq] = addRow(tenant, channel!, { ...row, sent_at: row.sent_at + shift }, bySeq)
  }
}

function nextTeam(tenant: Tenant, teams: Team[], count: number, index: number, row: ConversationRow): Team {
  if (teams.length < count) {
    const number = teams.length + 1
    teams.push(tenant.addTeam(`Support ${number}`, `Questions and answers, desk ${number}`, row.sent_at - DAY))
  }
  return teams[index % count]!
}

/** Milliseconds, whole days: 0 for the first channel of a pair. */
function shiftOf(team: Team, firstAt: Instant): number {
  if (team.channels.length % 2 === 0) return 0
  const partner = team.channels.at(-1)!.created + DAY
  return (Math.floor(partner / DAY) - Math.floor(firstAt / DAY)) * DAY
}

/** The second channel of a team is the one that may be shared, each seventh is private. */
function nextChannel(tenant: Tenant, team: Team, row: ConversationRow, firstAt: Instant, shares: boolean): Channel {
  const position = team.channels.length
  const membershipType = position === 1 && shares ? 'shared' : position % 7 === 5 ? 'private' : 'standard'
  return tenant.addChannel(team, position === 0 ? 'General' : row.conversation, membershipType, firstAt - DAY)
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
