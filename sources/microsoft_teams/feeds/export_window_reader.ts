import type { FeedPage, FeedRequest, Partition } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import { WindowUnstableError } from '../errors/window_unstable_error.ts'
import { messageReplies } from '../tables/message_replies.ts'
import { messages } from '../tables/messages.ts'
import { type ExportAnswer, type ExportPages, PageChain } from './export_pages.ts'
import type { WindowRules } from './export_plan.ts'
import { QuietProofs } from './export_quiet.ts'
import { addExportPage } from './export_rows.ts'
import { afterPage, closeWalk, cutOnTheWay, isHistory, MAX_WALKS, needsQuietProof, type Room } from './export_walk.ts'
import { awaitsProof, type ExportWindow, reopenWindow, startWalk } from './export_window.ts'
import type { HostedChannels } from './hosted_channels.ts'
import { WalkMemory } from './walk_memory.ts'

/** Pages one after the other without a row that is new to the walk: then the links lead nowhere. */
const MAX_BARREN_PAGES = 1_000
/** A long lookback is about what the API forgot, not about how late it usually is. */
const MAX_LATENESS_MS = 3_600_000

/** A window that this read has before it, and what this process remembers of it. */
export class WindowRun {
  window: ExportWindow
  readonly memory: WalkMemory
  readonly chain = new PageChain()
  /** This read has got a page of the present walk. */
  hasPage = false
  barren = 0
  /** The API's clock when this read saw the last page of the walk. */
  ended: Instant | null = null
  /** Left for the next read: it changed in each of its walks. */
  isParked = false

  /** Cut with others by the rows seen, so about as long as they are: cutting it once more would only cost requests. */
  readonly isEven: boolean

  constructor(window: ExportWindow, cutFrom?: WindowRun, isEven = false) {
    this.window = window
    this.memory = new WalkMemory(cutFrom?.memory)
    this.isEven = isEven
  }

  cut(parts: readonly ExportWindow[], isEven: boolean): WindowRun[] {
    return parts.map((part) => new WindowRun(part, this, isEven))
  }
}

/** `channels` as they were known when the page was asked for. */
export type Landed =
  | { kind: 'page'; answer: ExportAnswer | 'lost'; channels: string | undefined }
  | { kind: 'proof'; quiet: boolean | null }
export type PageContent = Omit<FeedPage, 'cursor' | 'complete'>

/** What a step of a window brought, and what is to be read in its place; nothing: the window is closed. */
export interface Step {
  content: PageContent
  runs: WindowRun[]
  failure?: WindowUnstableError
}

/** Reads one page of one window at a time, or its proof, and says what that means. */
export class WindowReader {
  readonly #pages: ExportPages
  readonly #channels: HostedChannels
  readonly #proofs: QuietProofs
  readonly #encoders: PageEncoders
  readonly #rules: WindowRules
  readonly #partition: Partition

  constructor(
    pages: ExportPages,
    channels: HostedChannels,
    partition: Partition,
    request: FeedRequest,
    rules: WindowRules,
  ) {
    const latenessMs = Number(request.options.settle_seconds) * 1000 + Math.min(rules.lookbackMs, MAX_LATENESS_MS)
    this.#pages = pages
    this.#channels = channels
    this.#proofs = new QuietProofs(pages, channels, latenessMs)
    this.#encoders = new PageEncoders([messages, messageReplies], request)
    this.#rules = rules
    this.#partition = partition
  }

  /** The one request that the window needs next. Others may be under way for other windows. */
  async ask({ window, chain, memory }: WindowRun): Promise<Landed> {
    if (!awaitsProof(window)) return this.#page(window, chain)
    // The walk ended in an earlier read: without the API's clock nobody knows up to when to ask.
    const canAsk = needsQuietProof(window, this.#rules) && this.#pages.clock !== undefined
    return { kind: 'proof', quiet: canAsk ? await this.#proofs.isQuiet(window, memory.channels) : null }
  }

  async #page(window: ExportWindow, chain: PageChain): Promise<Landed> {
    const channels = this.#channels.seen
    const answer = await this.#pages.get(window, chain)
    const isProvable = answer !== 'lost' && answer.next !== undefined && isHistory(window, answer.served, this.#rules)
    if (window.pages > 0 || !isProvable || this.#channels.isAsked) return { kind: 'page', answer, channels }
    // More than one page: its proof needs the channels as they were before the first, which is asked for once more.
    await this.#channels.before()
    return this.#channels.seen === undefined ? { kind: 'page', answer, channels } : this.#page(window, chain)
  }

  /**
   * True for a walk that has ended a moment ago: with those that end soon it can share one proof. It waits for them no
   * longer than it took, since the proof must hold for the wait as well.
   */
  canWait({ window: { began }, ended }: WindowRun): boolean {
    return began !== null && ended !== null && (this.#pages.clock ?? ended) - ended < ended - began
  }

  /** One window after the other: the page's rows are encoded here. */
  take(run: WindowRun, landed: Landed, room: Room): Step {
    const nothing = { rows: new Map(), received: 0 }
    if (landed.kind === 'proof') return this.#close(run, landed.quiet, nothing, room)
    const { window, memory } = run
    if (window.pages === 0) {
      memory.startWalk()
      run.barren = 0
    }
    if (landed.answer === 'lost' || run.barren > MAX_BARREN_PAGES) return restart(run, nothing)
    run.hasPage = true
    const { rows, next, served } = landed.answer
    const facts = addExportPage(rows, window, this.#partition, this.#encoders, memory)
    run.barren = facts.digest === window.digest ? run.barren + 1 : 0
    run.window = afterPage(window, { ...facts, next, served, channels: landed.channels })
    run.ended = next === undefined ? served : null
    const content = { ...this.#encoders.page(), received: rows.length }
    if (next === undefined) {
      return needsQuietProof(run.window, this.#rules) ? { content, runs: [run] } : this.#close(run, null, content, room)
    }
    const parts = cutOnTheWay(run.window, () => memory.sight(), this.#rules, run.isEven ? { ...room, chains: 1 } : room)
    if (parts === null) return { content, runs: [run] }
    return { content, runs: run.cut(parts, run.window.pages > 1 && memory.order === 'none') }
  }

  #close(run: WindowRun, quiet: boolean | null, content: PageContent, room: Room): Step {
    const verdict = closeWalk(run.window, { quiet, times: run.memory.times() }, room.windows)
    if (verdict.kind === 'closed') return { content, runs: [] }
    if (verdict.kind === 'unstable') return giveUp(run, content)
    const [again, ...others] = verdict.windows
    if (others.length > 0) return { content, runs: run.cut(verdict.windows, true) }
    run.window = again!
    return { content, runs: [run] }
  }
}

/** The window must be read again from its first page: its link is lost. */
function restart(run: WindowRun, content: PageContent): Step {
  const walk = startWalk(run.window, false)
  // A link that was stored by an earlier run says nothing about how lively the window is.
  const again = run.hasPage ? walk : { ...walk, walk: run.window.walk }
  if (again.walk > MAX_WALKS) return giveUp(run, content)
  run.window = again
  return { content, runs: [run] }
}

/** Leaves the window open at its start, with all its walks before it; the read ends when the others have been read. */
function giveUp(run: WindowRun, content: PageContent): Step {
  const failure = new WindowUnstableError(run.window.a, run.window.b, run.window.walk)
  run.window = reopenWindow(run.window)
  run.isParked = true
  return { content, runs: [run], failure }
}
