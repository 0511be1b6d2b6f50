import type { DiscordSimulator } from '../../../sources/discord/simulator/index.ts'
import { DISCORD_COMPARED, keyOfLine } from '../../support/discord_truth.ts'

/** What was so of a key from a moment on; null: it was not there. */
export interface State {
  at: number
  line: string | null
}

/** What was so when, of every key of some tables: as the API would have shown it to a bot that may see everything. */
export class Chronicle {
  readonly #simulator: DiscordSimulator
  readonly #tables: readonly string[]
  readonly #now = new Map<string, Map<string, string>>()
  readonly #histories = new Map<string, Map<string, State[]>>()
  /** Who has reacted, each time that it was another one: ids in their order, commas between them. */
  readonly #users = new Map<string, Set<string>>()
  #openSince: number | null = null

  constructor(simulator: DiscordSimulator, tables: readonly string[]) {
    this.#simulator = simulator
    this.#tables = tables
    // What was there at the beginning was there for ever.
    this.note(Number.NEGATIVE_INFINITY)
  }

  /** Call after every change. Nothing changes otherwise, but that time-outs of the bot end. */
  note(at = this.#simulator.clock.now()): void {
    for (const table of this.#tables) this.#noteTable(table, at)
    if (this.#tables.includes('message_reactions')) this.#noteUsers()
    const isOpen = this.#isOpen()
    this.#openSince = isOpen ? (this.#openSince ?? at) : null
  }

  /** Since when the bot has seen every channel and thread with its history; null: it does not. */
  get openSince(): number | null {
    return this.#openSince
  }

  /** Everything that was ever shown of a table. */
  of(table: string): ReadonlyMap<string, readonly State[]> {
    return this.#histories.get(table) ?? new Map()
  }

  history(table: string, key: string): readonly State[] {
    return this.of(table).get(key) ?? []
  }

  /** Everybody who was ever shown to have reacted, as the lists that were shown. */
  usersOf(key: string): ReadonlySet<string> {
    return this.#users.get(key) ?? new Set()
  }

  #noteUsers(): void {
    const byKey = Map.groupBy(this.#simulator.truth.reactions(), ({ guild_id, channel_id, message_id, ...emoji }) =>
      [guild_id, channel_id, message_id, emoji.emoji_id ?? emoji.emoji_name].join('/'),
    )
    for (const [key, rows] of byKey) {
      const shown = this.#users.get(key) ?? new Set()
      this.#users.set(key, shown.add(joinedUsers(rows.map(({ user_id }) => user_id))))
    }
  }

  #noteTable(table: string, at: number): void {
    const before = this.#now.get(table) ?? new Map<string, string>()
    const now = new Map<string, string>()
    for (const row of DISCORD_COMPARED[table]!.truth(this.#simulator)) {
      const line = JSON.stringify(row)
      const key = keyOfLine(table, line)
      now.set(key, line)
      if (before.get(key) !== line) this.#add(table, key, { at, line })
    }
    for (const key of before.keys()) if (!now.has(key)) this.#add(table, key, { at, line: null })
    this.#now.set(table, now)
  }

  #add(table: string, key: string, state: State): void {
    const histories = this.#histories.get(table) ?? new Map<string, State[]>()
    this.#histories.set(table, histories)
    const history = histories.get(key)
    if (history === undefined) histories.set(key, [state])
    else history.push(state)
  }

  #isOpen(): boolean {
    const { truth, botId } = this.#simulator
    const sees = (list: 'channels' | 'threads') =>
      [...truth[list]({ rights: 'visible' })].length === [...truth[list]()].length
    // What is withdrawn in one channel is an overwrite of the bot's own there.
    const denied = [...truth.channels()].flatMap(({ json }) => json.permission_overwrites as { id: string }[])
    return sees('channels') && sees('threads') && !denied.some(({ id }) => id === botId)
  }
}

export const joinedUsers = (ids: readonly string[]) => ids.toSorted().join()

/** The state that held at a time, and those that came later. */
export function sinceThen(history: readonly State[], time: number): readonly State[] {
  const last = history.findLastIndex(({ at }) => at <= time)
  return last < 0 ? [{ at: Number.NEGATIVE_INFINITY, line: null }, ...history] : history.slice(last)
}
