import type { Instant } from '../../../libs/connect/instant.ts'

const DAY = 86_400_000
/** Ages at which the past is parted, in days: conversations are denser where they are young. */
const AGES = [7, 30, 90, 180, 365, 730, 1460, 2920]
/** Each try that is still more than a page looks at a part of the time so much shorter. */
const SHRINK = 5
const MOST_TRIES = 6

/** One page of what lies in [a, b): how many rows it holds, and whether there are more. */
export type AskPage = (a: Instant, b: Instant) => Promise<{ rows: number; more: boolean }>

/** Rows in [a, recent) and in [recent, b). */
export interface CountedRows {
  history: number
  recent: number
}

/**
 * How many rows a range of time holds, by a bounded number of pages: a part that fits a page is counted, of a larger one
 * a piece in the middle that does, and the piece stands for the part.
 */
export async function countRows(ask: AskPage, a: Instant, recent: Instant, b: Instant): Promise<CountedRows> {
  const edge = Math.max(a, recent)
  const history = a < edge ? await countHistory(ask, a, edge) : 0
  return { history, recent: edge < b ? await countPart(ask, edge, b) : 0 }
}

async function countHistory(ask: AskPage, a: Instant, b: Instant): Promise<number> {
  const whole = await ask(a, b)
  if (!whole.more) return whole.rows
  const edges = [b, ...AGES.map((days) => b - days * DAY).filter((edge) => edge > a), a]
  let rows = 0
  for (let part = 1; part < edges.length; part++) rows += await countPart(ask, edges[part]!, edges[part - 1]!)
  // The parts were seen to hold more than one page.
  return Math.max(rows, whole.rows + 1)
}

async function countPart(ask: AskPage, a: Instant, b: Instant): Promise<number> {
  let share = 1
  let rows = 0
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const length = Math.max(1, Math.round((b - a) / share))
    const from = a + Math.floor((b - a - length) / 2)
    const page = await ask(from, from + length)
    rows = page.rows * ((b - a) / length)
    if (!page.more || length === 1) break
    share *= SHRINK
  }
  return Math.round(rows)
}
