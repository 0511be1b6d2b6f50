import { fileURLToPath } from 'node:url'
import type { Instant } from '../../../../libs/connect/instant.ts'
import { readLines } from '../../../../libs/simulator/read_lines.ts'
import type { Message } from '../model.ts'
import { seasonMessage } from '../seasoning.ts'
import type { Tenant } from '../tenant.ts'

/** A line of `data/sample_tenant.ndjson`. `minutes` counts back from the simulator's start; `reply_to` is a line's `n`. */
interface SampleRow {
  n: number
  team: string
  channel: string
  private?: boolean
  minutes: number
  /** Null: a system event. */
  author: string | null
  text: string
  reply_to?: number
}

const SAMPLE = fileURLToPath(new URL('../data/sample_tenant.ndjson', import.meta.url))

/** The invented tenant that ships with Parley: a small company's teams over some weeks, ending shortly before `now`. */
export async function loadSample(tenant: Tenant, now: Instant): Promise<void> {
  const end = Math.floor(now / 60_000) * 60_000
  const messages: Message[] = []
  for await (const line of readLines(SAMPLE)) {
    const row = JSON.parse(line.text) as SampleRow
    const at = end - row.minutes * 60_000
    const team =
      tenant.teams.find((other) => other.displayName === row.team) ??
      tenant.addTeam(row.team, `The ${row.team} team`, at)
    const channel =
      team.channels.find((other) => other.displayName === row.channel) ??
      tenant.addChannel(team, row.channel, row.private ? 'private' : 'standard', at)
    const answered = row.reply_to === undefined ? undefined : messages[row.reply_to]
    const author = row.author === null ? null : tenant.user(row.author)
    // Not all on the full minute: the line's number gives the milliseconds, and every tenth stays on the border.
    const stamp = row.n % 10 === 0 ? at : at + ((row.n * 7919) % 60_000)
    const message = tenant.addMessage(channel, {
      at: stamp,
      author,
      text: row.text,
      root: answered ?? null,
      shown: false,
    })
    seasonMessage(message, tenant.users, end)
    tenant.show(message)
    messages[row.n] = message
  }
}
