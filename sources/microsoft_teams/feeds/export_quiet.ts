import type { Instant } from '../../../libs/connect/instant.ts'
import { ResponseTooLargeError } from '../../../libs/http/response_too_large_error.ts'
import type { ExportAnswer, ExportPages } from './export_pages.ts'
import { changeTime } from './export_rows.ts'
import type { ExportWindow } from './export_window.ts'
import { createdOf, type GraphRow, isRow } from './graph_page.ts'
import type { ChannelList, HostedChannels } from './hosted_channels.ts'

const ONE_DAY = 86_400_000

/**
 * Proves of finished walks that nothing their windows held has changed since they began, and that the team has the same
 * channels: then no row can have moved out of a page that was still to come. One request asks for the changes since, one
 * for the channels; walks that end while they are on their way share the next ones.
 */
export class QuietProofs {
  readonly #pages: ExportPages
  readonly #channels: HostedChannels
  readonly #latenessMs: number
  #waiting: Asked[] = []
  #isAsking = false

  /** @param latenessMs how late the API may show a change */
  constructor(pages: ExportPages, channels: HostedChannels, latenessMs: number) {
    this.#pages = pages
    this.#channels = channels
    this.#latenessMs = latenessMs
  }

  /** @param seen channels of the walk's rows. @throws what the request threw */
  isQuiet(walked: ExportWindow, seen: ReadonlySet<string>): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    this.#waiting.push({ walked, seen, resolve, reject })
    if (!this.#isAsking) void this.#askAll()
    return promise
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true
    // Those that are asked for in the same moment share the first request.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const asked = this.#waiting.splice(0)
      try {
        await this.#ask(asked)
      } catch (error) {
        for (const { resolve, reject } of asked) {
          if (error instanceof ResponseTooLargeError) resolve(false)
          else reject(error)
        }
      }
    }
    this.#isAsking = false
  }

  async #ask(asked: readonly Asked[]): Promise<void> {
    const since = Math.min(...asked.map(({ walked }) => beginOf(walked)))
    const [changes, channels] = await Promise.all([this.#changesSince(since), this.#channels.now()])
    for (const one of asked) {
      // More than a page of changes since the oldest began says little about the others.
      const own =
        changes.next === undefined || asked.length === 1 ? changes : await this.#changesSince(beginOf(one.walked))
      const isStill = own.next === undefined && !holdsChange(one.walked, own.rows, this.#latenessMs)
      one.resolve(isStill && isUnchanged(one, channels))
    }
  }

  #changesSince(began: Instant): Promise<ExportAnswer> {
    // A walk that was interrupted may have taken days: the API's clock says where now is.
    return this.#pages.between(began - this.#latenessMs, Math.max(began, this.#pages.clock ?? began) + ONE_DAY)
  }
}

/** A deleted channel may be in the export for a while after it has left the list: its rows can go at any time. */
function isUnchanged({ walked, seen }: Asked, channels: ChannelList | undefined): boolean {
  if (channels === undefined || channels.digest !== walked.channels) return false
  return [...seen].every((id) => channels.ids.has(id))
}

interface Asked {
  walked: ExportWindow
  seen: ReadonlySet<string>
  resolve(isQuiet: boolean): void
  reject(error: unknown): void
}

/** Whether one of the changes may be of a message that the walked window held. Pure. */
export function holdsChange(walked: ExportWindow, changes: readonly unknown[], latenessMs: number): boolean {
  const since = beginOf(walked) - latenessMs
  return changes.some((row) => !isRow(row) || (isSince(row, since) && wasWritten(row, walked.b)))
}

function beginOf({ began, b }: ExportWindow): Instant {
  return began ?? b
}

function isSince(row: GraphRow, since: Instant): boolean {
  const time = changeTime(row)
  return time === null || time >= since
}

/** False only for a message that is surely younger than `b`: it cannot have been in the window. */
function wasWritten(row: GraphRow, b: Instant): boolean {
  return !(createdOf(row) >= b)
}
