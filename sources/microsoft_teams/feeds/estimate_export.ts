import pLimit from 'p-limit'
import type { EstimateArgs, FeedEstimate, PlannedRead } from '../../../libs/connect/estimate.ts'
import type { FeedRequest } from '../../../libs/connect/feed.ts'
import { LoadSum } from '../../../libs/http/load_sum.ts'
import { plural } from '../../../libs/observe/format.ts'
import type { GraphClient } from '../client.ts'
import { bucketsOf } from './estimate_lists.ts'
import { type CountedRows, countRows } from './estimate_windows.ts'
import { ExportPages } from './export_pages.ts'
import { startOf } from './export_reader.ts'
import { asRefusal } from './refusal.ts'

type Args = EstimateArgs<GraphClient>

/** Teams whose messages are counted, spread evenly over the list. */
const SAMPLED_TEAMS = 10

/** What reading teams by the export costs. */
export async function estimateExport(reads: readonly PlannedRead[], args: Args): Promise<FeedEstimate> {
  const fresh = reads.filter(({ cursor }) => cursor === null)
  const sample = args.sample ? await sampleTeams(fresh, args) : null
  const counted = [...(sample?.counted.values() ?? [])]
  const mean = counted.reduce((sum, requests) => sum + requests, 0) / counted.length
  const loads = new LoadSum()
  let atLeast = 0
  for (const read of reads) {
    const least = leastRequests(read, args)
    atLeast += least
    const guess = read.cursor === null && counted.length > 0 ? (sample!.counted.get(read) ?? mean) : least
    loads.add(bucketsOf({ kind: 'export', teamId: String(read.partition.team_id) }), guess)
  }
  const isGuessed = fresh.length === 0 || counted.length > 0
  return {
    atLeast,
    likely: isGuessed ? Math.round(loads.requests) : null,
    basis: basisOf(fresh, reads, sample),
    limits: loads.limits,
  }
}

interface Sample {
  /** Requests that reading each of the sampled teams from the beginning takes. */
  counted: Map<PlannedRead, number>
  refused: number
  /** Requests that the sample took. */
  asked: number
}

async function sampleTeams(fresh: readonly PlannedRead[], args: Args): Promise<Sample> {
  const sample: Sample = { counted: new Map(), refused: 0, asked: 0 }
  const picked = spread(fresh, SAMPLED_TEAMS)
  const limit = pLimit(SAMPLED_TEAMS)
  const count = async (read: PlannedRead): Promise<void> => {
    try {
      const rows = await countTeam(read, args, () => sample.asked++)
      sample.counted.set(read, requestsFor(rows, Number(args.options.page_size)))
    } catch (error) {
      if (asRefusal(error) === null) throw error
      sample.refused++
    }
  }
  await Promise.all(picked.map((read) => limit(() => count(read))))
  return sample
}

function countTeam({ partition }: PlannedRead, args: Args, onAsk: () => void): Promise<CountedRows> {
  const { connection, session, until, options, signal } = args
  const request: FeedRequest = { tables: new Set(), session, until, options, signal }
  const pages = new ExportPages(connection, partition, request, signal)
  const ask = async (a: number, b: number) => {
    onAsk()
    const { rows, next } = await pages.between(a, b)
    return { rows: rows.length, more: next !== undefined }
  }
  return countRows(ask, startOf(options), until - Number(options.rewalk_horizon) * 1000, until)
}

/** Pages that a part of a long walk has on average: longer ones are cut, see `export_walk.ts`. */
const PAGES_OF_A_PART = 4
/** What each part adds: a request that proves it quiet, and a last page that is half empty. */
const REQUESTS_OF_A_PART = 1.5

/** Pages of history and what its parts add; the recent part is walked twice where it has several pages. */
function requestsFor({ history, recent }: CountedRows, pageSize: number): number {
  const pagesOf = (rows: number) => Math.max(1, Math.ceil(rows / pageSize))
  const old = pagesOf(history)
  const young = pagesOf(recent)
  const parts = old > 1 ? Math.ceil(old / PAGES_OF_A_PART) : 0
  return old + parts * REQUESTS_OF_A_PART + (young > 1 ? 2 * young : young)
}

function leastRequests({ cursor }: PlannedRead, { options, until }: Args): number {
  if (cursor !== null) return Array.isArray(cursor.todo) ? Math.max(1, cursor.todo.length) : 1
  return startOf(options) < until - Number(options.rewalk_horizon) * 1000 ? 2 : 1
}

function basisOf(fresh: readonly PlannedRead[], reads: readonly PlannedRead[], sample: Sample | null): string {
  const goOn = fresh.length === reads.length ? '' : ' Teams that go on take one request each if little has changed.'
  if (fresh.length === 0) return goOn.trim()
  if (sample === null) return `The messages of ${plural(fresh.length, 'team')} were not counted.${goOn}`
  const { counted, refused, asked } = sample
  const others = counted.size < fresh.length && counted.size > 0 ? '; the others are taken to be like them' : ''
  const no = refused > 0 ? ` ${plural(refused, 'team')} refused the export, and may be read channel by channel.` : ''
  return `An estimate: messages of ${counted.size} of ${plural(fresh.length, 'team')} were counted by ${plural(asked, 'request')} for short ranges of time${others}.${no}${goOn}`
}

/** `count` of a list, evenly spread. */
export function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list]
  return Array.from({ length: count }, (_, index) => list[Math.floor((index * list.length) / count)]!)
}
