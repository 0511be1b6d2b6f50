import { readFile } from 'node:fs/promises'
import { type Cursor, defineFeed, type FeedRequest, type Partition } from '../../../libs/connect/feed.ts'
import type { OptionSet } from '../../../libs/connect/options.ts'
import { defineSource } from '../../../libs/connect/source.ts'
import { RowEncoder } from '../../../libs/schema/index.ts'
import { messages } from '../../../sources/microsoft_teams/tables/messages.ts'

interface BulkConnection {
  /** A page of Graph, `{value: […]}`, as it comes over the wire. */
  page: Promise<string>
  partitions: number
  pages: number
  close(): Promise<void>
}

const options = {
  page_file: { type: 'text', scope: 'connection', required: true, description: 'A page of messages as JSON.' },
  partitions: { type: 'integer', scope: 'connection', default: 1, min: 0, description: 'How many there are.' },
  pages: { type: 'integer', scope: 'connection', default: 1, min: 0, description: 'Pages of each.' },
} as const satisfies OptionSet

/** Parses and encodes the same page again and again, as a source does with an answer: what is left is the way to Spark. */
async function* readPages({ page, pages }: BulkConnection, _: Partition, __: Cursor | null, { until }: FeedRequest) {
  const text = await page
  const encoder = new RowEncoder(messages.schema, { table: messages.name, primaryKeys: [...messages.primaryKeys] })
  for (let index = 1; index <= pages; index++) {
    const { value } = JSON.parse(text) as { value: { channelIdentity: { teamId: string; channelId: string } }[] }
    for (const row of value) {
      encoder.append(row, { team_id: row.channelIdentity.teamId, channel_id: row.channelIdentity.channelId })
    }
    const cursor = { v: 1, t: until, page: index }
    yield { rows: new Map([['messages', [encoder.finish()]]]), cursor, complete: index === pages }
  }
}

/** The table `messages` of Teams without an API behind it: what Spark costs beside it. */
export const bulkSource = defineSource<BulkConnection>({
  name: 'bulk',
  displayName: 'Bulk',
  account: () => 'bench',
  options,
  tables: [messages],
  feeds: [
    defineFeed<BulkConnection>({
      name: 'messages',
      tables: ['messages'],
      kind: 'windowed',
      cursorVersion: 1,
      until: async () => Date.now(),
      discover: async ({ connection }) => ({
        partitions: Array.from({ length: connection.partitions }, (_, index) => ({ id: String(index) })),
        complete: true,
      }),
      look: async () => ({ state: 'present' }),
      cursorAt: (t) => ({ v: 1, t }),
      read: readPages,
    }),
  ],
  connect: (resolved) => ({
    page: readFile(String(resolved.page_file), 'utf8'),
    partitions: Number(resolved.partitions),
    pages: Number(resolved.pages),
    close: async () => {},
  }),
  check: async () => [],
})
