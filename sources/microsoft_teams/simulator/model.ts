import type { Instant } from '../../../libs/connect/instant.ts'
import type { Members } from './members.ts'

export interface User {
  id: string
  displayName: string
  email: string
}

export type MembershipType = 'standard' | 'private' | 'shared'

export interface Reaction {
  type: string
  user: User
  at: Instant
}

/** One message, kept small: what is not here follows from `hash` when the message is rendered. */
export interface Message {
  readonly channel: Channel
  /** `createdDateTime`, and as text the id. Unique in its channel. */
  readonly id: Instant
  readonly root: Message | null
  /** Visible replies, oldest first; null where there are none. */
  replies: Message[] | null
  /** Null on system events. */
  readonly author: User | null
  text: string
  modified: Instant
  /** 0: never. */
  edited: Instant
  /** 0: not deleted. */
  deleted: Instant
  reactions: Reaction[] | null
  readonly hash: number
  /** The API shows it: false while it is stamped but late. */
  shown: boolean
  /** Time of the newest visible message of the thread; on roots. */
  activity: Instant
  /** Place in the export's order. */
  order: number
}

export interface Channel {
  readonly team: Team
  readonly id: string
  /** The id percent-encoded, as contexts and links have it. */
  readonly urlId: string
  readonly index: number
  readonly displayName: string
  readonly description: string | null
  readonly membershipType: MembershipType
  readonly created: Instant
  /** Every message ever stamped, shown or not. */
  readonly byId: Map<Instant, Message>
  readonly all: Message[]
  /** Shown roots in the order of the list; null when it must be sorted again. */
  threads: Message[] | null
  /** Its own members; those of a standard channel are the team's. */
  readonly members: Members
  /** Its own calls are answered 403; it stays in the list and in the export. */
  refused: boolean
}

export interface Team {
  readonly id: string
  readonly displayName: string
  readonly description: string
  readonly created: Instant
  channels: Channel[]
  readonly members: Members
  /** Everything of it is answered 403. */
  refused: boolean
  /** Its export alone is answered 403, as where the app has resource-specific consent only. */
  exportRefused: boolean
  /** Deleted: 404, and absent from the lists. */
  gone: boolean
}
