import type { Partition } from '../../../libs/connect/feed.ts'
import { type Instant, parseInstant } from '../../../libs/connect/instant.ts'
import type { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import { extendDigest, hash64 } from './export_digest.ts'
import { BEGINNING } from './export_plan.ts'
import type { ExportWindow } from './export_window.ts'
import { type GraphRow, isRow, memberText } from './graph_page.ts'
import type { WalkMemory } from './walk_memory.ts'

const OUTSIDE = { isNew: false, isFirst: false }

/**
 * Encodes the rows of a page that lie in the window; rows without a usable time are kept, the table will
 * show why. Returns what the page adds to the walk's evidence.
 */
export function addExportPage(
  rows: readonly unknown[],
  window: ExportWindow,
  partition: Partition,
  encoders: PageEncoders,
  memory: WalkMemory,
): { digest: string; odd: boolean } {
  const hashes: bigint[] = []
  let odd = false
  for (const row of rows) {
    if (!isRow(row)) {
      encoders.add('messages', row, { team_id: String(partition.team_id), channel_id: null })
      continue
    }
    const time = changeTime(row)
    // The API has been seen to leak rows from outside the range after an edit (reference §2.6).
    const outside = time !== null && (time < window.a || time >= window.b)
    const channelId = channelOf(row)
    if (channelId !== null) memory.noteChannel(channelId)
    const version = [row.replyToId, row.id, row.lastModifiedDateTime].map(memberText).join('\n')
    const rowHash = hash64(`${channelId}\n${version}`)
    // A row from outside belongs to another window, which will hand it on.
    const { isNew, isFirst } = outside ? OUTSIDE : memory.meet(rowHash, time)
    if (!isNew) {
      odd = true
      continue
    }
    hashes.push(rowHash)
    // A row that does not say its channel cannot be sorted out: it is kept aside for want of a key.
    const isAsked = partition.channel_id === undefined || channelId === null || partition.channel_id === channelId
    // A walk that proves the one before brings the same rows again: they have been handed on already.
    if (isAsked && isFirst) addRow(row, partition, channelId, encoders)
  }
  return { digest: extendDigest(window.digest, hashes), odd }
}

function addRow(row: GraphRow, partition: Partition, channelId: string | null, encoders: PageEncoders): void {
  const added = { team_id: String(partition.team_id), channel_id: channelId }
  if (typeof row.replyToId === 'string' && row.replyToId !== '') {
    encoders.add('message_replies', row, { ...added, parent_message_id: row.replyToId })
  } else {
    encoders.add('messages', row, added)
  }
}

function channelOf(row: GraphRow): string | null {
  const { channelId } = (row.channelIdentity ?? {}) as { channelId?: unknown }
  return typeof channelId === 'string' ? channelId : null
}

/** No message was changed before 1970, and none will be after 2200: no window would ever ask for such a time. */
const LAST_TIME = Date.UTC(2200)

/** lastModifiedDateTime in whole ms; null when it is absent, no time, or one that no window can hold. */
export function changeTime(row: GraphRow): Instant | null {
  const text = row.lastModifiedDateTime
  if (typeof text !== 'string' || !/(Z|[+-]\d{2}:\d{2})$/.test(text)) return null
  const time = parseInstant(text)
  return time >= BEGINNING && time < LAST_TIME ? time : null
}
