import { RowEncoder } from '../../libs/schema/index.ts'
import { messages } from '../../sources/microsoft_teams/tables/messages.ts'

/**
 * The price of encoding: time of (UTF-8 decode + JSON.parse + encode + finish) ÷ time of (UTF-8 decode +
 * JSON.parse) over the same pages, the median of interleaved rounds. 1.40 means that encoding adds 40 %.
 * Run: node test/bench/encoder.bench.ts [rounds]
 */
const PAGES = 200
const PAGE_ROWS = 50
const rounds = Number(process.argv[2] ?? 15)

/** A small generator with a seed: the same pages on every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const next = random(7)
const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!
const hex = (length: number): string =>
  Array.from({ length }, () => '0123456789abcdef'[Math.floor(next() * 16)]).join('')
const guid = (): string => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`
const time = (): string => new Date(1_700_000_000_000 + Math.floor(next() * 5e10)).toISOString()

const names = [
  'Adele Vance',
  'Jörg Müller',
  'Zoë Østergård',
  'Ana Peña',
  '山田 太郎',
  'Иван Петров',
  'Lee Gu',
  'Émile Faÿ',
]
const words = [
  'the',
  'release',
  'tomorrow',
  'größer',
  'please',
  'naïve',
  'review',
  '会議',
  'deploy',
  'привет',
  '🎉',
  'café',
  'branch',
  'and',
  'we',
  'will',
]
// One message in three is plain ASCII, as in a tenant that writes mostly English.
const ascii = words.filter((word) => /^[a-z]+$/.test(word))

function user(): object {
  return {
    application: null,
    device: null,
    user: {
      '@odata.type': '#microsoft.graph.teamworkUserIdentity',
      id: guid(),
      displayName: pick(names),
      userIdentityType: 'aadUser',
      tenantId: guid(),
    },
  }
}

function content(): string {
  const from = next() < 0.33 ? ascii : words
  return `<p>${Array.from({ length: 40 + Math.floor(next() * 120) }, () => pick(from)).join(' ')}</p>`
}

function message(): object {
  const id = String(1_700_000_000_000 + Math.floor(next() * 5e10))
  return {
    id,
    replyToId: null,
    etag: id,
    messageType: 'message',
    createdDateTime: time(),
    lastModifiedDateTime: time(),
    lastEditedDateTime: null,
    deletedDateTime: null,
    subject: null,
    summary: null,
    chatId: null,
    importance: 'normal',
    locale: 'en-us',
    webUrl: `https://teams.microsoft.com/l/message/19%3A${hex(32)}%40thread.tacv2/${id}?groupId=${guid()}&tenantId=${guid()}&createdTime=${id}&parentMessageId=${id}`,
    policyViolation: null,
    eventDetail: null,
    from: user(),
    body: { contentType: 'html', content: content() },
    channelIdentity: { teamId: guid(), channelId: `19:${hex(32)}@thread.tacv2` },
    attachments:
      next() < 0.15
        ? [
            {
              id: guid(),
              contentType: 'reference',
              contentUrl: `https://contoso.sharepoint.com/sites/x/${hex(20)}.docx`,
              content: null,
              name: `Entwurf für ${pick(names)}.docx`,
              thumbnailUrl: null,
              teamsAppId: null,
            },
          ]
        : [],
    mentions: next() < 0.3 ? [{ id: 0, mentionText: pick(names), mentioned: user() }] : [],
    reactions: Array.from({ length: Math.floor(next() * 3) }, () => ({
      reactionType: pick(['👍', '❤️', '😂']),
      displayName: pick(['Like', 'Heart', 'Laugh']),
      reactionContentUrl: null,
      createdDateTime: time(),
      user: user(),
    })),
    messageHistory: [],
  }
}

const pages = Array.from({ length: PAGES }, () =>
  Buffer.from(
    JSON.stringify({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#chatMessages',
      value: Array.from({ length: PAGE_ROWS }, message),
    }),
  ),
)
const bytes = pages.reduce((sum, page) => sum + page.length, 0)

type Page = { value: Record<string, unknown>[] }

function parseOnly(): number {
  let rows = 0
  for (const page of pages) rows += (JSON.parse(page.toString('utf8')) as Page).value.length
  return rows
}

function parseAndEncode(finishPerPage: boolean): number {
  const encoder = new RowEncoder(messages.schema, { table: 'messages', primaryKeys: messages.primaryKeys })
  const added = {
    team_id: 'c05c3b0e-9b0e-4b9e-8b0e-9b0e4b9e8b0e',
    channel_id: '19:0123456789abcdef0123456789abcdef@thread.tacv2',
  }
  let rows = 0
  for (const page of pages) {
    for (const row of (JSON.parse(page.toString('utf8')) as Page).value) {
      if (encoder.append(row, added) !== null) throw new Error('a row was rejected')
    }
    if (finishPerPage || encoder.full) rows += encoder.finish().numRows
  }
  return rows + encoder.finish().numRows
}

function milliseconds(work: () => number): number {
  const start = process.hrtime.bigint()
  if (work() !== PAGES * PAGE_ROWS) throw new Error('rows went missing')
  return Number(process.hrtime.bigint() - start) / 1e6
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

const ratios = { batches: [] as number[], pages: [] as number[] }
const times = { parse: [] as number[], batches: [] as number[] }
for (let round = -3; round < rounds; round++) {
  const parse = milliseconds(parseOnly)
  const batches = milliseconds(() => parseAndEncode(false))
  const perPage = milliseconds(() => parseAndEncode(true))
  // The first rounds warm the engine up.
  if (round < 0) continue
  times.parse.push(parse)
  times.batches.push(batches)
  ratios.batches.push(batches / parse)
  ratios.pages.push(perPage / parse)
}

const rowCount = PAGES * PAGE_ROWS
console.log(
  `${rowCount} chat messages, ${Math.round(bytes / rowCount)} bytes a row, ${rounds} rounds, node ${process.version}`,
)
console.log(`JSON.parse alone (with UTF-8 decode): ${Math.round((rowCount / median(times.parse)) * 1000)} rows/s`)
console.log(`parse + encode, batches of 5,000:     ${Math.round((rowCount / median(times.batches)) * 1000)} rows/s`)
console.log(`ratio, batches of 5,000: ${median(ratios.batches).toFixed(2)}   (1.00 = JSON.parse alone)`)
console.log(`ratio, a batch a page:   ${median(ratios.pages).toFixed(2)}`)
