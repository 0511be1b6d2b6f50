import type { Database } from '../../../pipeline/destinations/duckdb/database.ts'
import {
  type DiscordConnection,
  type DiscordSimulator,
  type PermissionName,
  startDiscordSimulator,
  type VirtualClock,
  virtualClock,
} from '../../../sources/discord/simulator/index.ts'
import { DatabaseFolder } from '../database_folder.ts'
import type { World as AnyWorld } from '../game.ts'
import { Chronicle } from './chronicle.ts'
import { Claims } from './claims.ts'
import { START } from './make_plan.ts'
import type { Narrowed, SimulationPlan } from './plan_types.ts'

export const PERMISSIONS: readonly PermissionName[] = [
  'VIEW_CHANNEL',
  'READ_MESSAGE_HISTORY',
  'CONNECT',
  'MANAGE_THREADS',
]

/** Longer than any ban of the simulator. */
const BAN_MS = 25 * 3_600_000

/** Servers on a clock of their own, the file that they are synced into, what was there when, and what was claimed of it. */
export class World implements AnyWorld {
  readonly simulator: DiscordSimulator
  readonly clock: VirtualClock
  readonly chronicle: Chronicle
  readonly claims: Claims
  /** The options guild_id and channel_id. What they name is never deleted: a typing error could not be told from it. */
  readonly narrowed: Readonly<Record<string, string[]>>
  readonly #folder = new DatabaseFolder()
  #token: string
  #newToken: string
  /** Runs that pass before the connection learns the token. */
  #learnsIn: number | null = null

  private constructor(simulator: DiscordSimulator, clock: VirtualClock, plan: SimulationPlan) {
    this.simulator = simulator
    this.clock = clock
    this.narrowed = idsOf(plan.narrowed, simulator)
    this.chronicle = new Chronicle(simulator, plan.tables)
    this.claims = new Claims(plan)
    this.#token = this.#newToken = simulator.connection.bot_token
  }

  static async start(plan: SimulationPlan): Promise<World> {
    const clock = virtualClock({ auto: true, start: START })
    return new World(await startDiscordSimulator({ ...plan.world, clock }), clock, plan)
  }

  get database(): string {
    return this.#folder.database
  }

  /** As it is configured: after a rotated token not always with the right one. */
  get connection(): DiscordConnection {
    return { ...this.simulator.connection, bot_token: this.#token }
  }

  rotateToken(late: number): void {
    this.#newToken = this.simulator.mutate.rotateToken()
    this.#learnsIn = late
  }

  beforeRun(): void {
    // A read takes what was done in its own second as far as it has come: what was done before is of an earlier one.
    this.clock.advance(1_000)
    if (this.#learnsIn === null || this.#learnsIn-- > 0) return
    this.#token = this.#newToken
    this.#learnsIn = null
  }

  /** Cloudflare bans an address, whatever process asks. */
  shutMs(): number {
    return this.simulator.log.filter((entry) => entry.refused_by === 'cloudflare').length > 0 ? BAN_MS : 0
  }

  /** The bot is in every server, and may do everything in every channel. */
  allowAll(): void {
    const { mutate, truth, botId } = this.simulator
    this.inviteBot()
    for (const { id } of truth.guilds()) mutate.memberTimeout({ guild_id: id, user_id: botId, ms: 0 })
    for (const { id } of truth.channels())
      for (const permission of PERMISSIONS) mutate.allow({ channel_id: id, permission })
  }

  inviteBot(): boolean {
    const { mutate, truth } = this.simulator
    const inside = new Set([...truth.guilds({ rights: 'visible' })].map(({ id }) => id))
    const outside = [...truth.guilds()].filter(({ id }) => !inside.has(id))
    for (const { id } of outside) mutate.inviteBot({ guild_id: id })
    return outside.length > 0
  }

  mend(): void {
    this.clock.advance(this.shutMs())
    this.simulator.setFaults(null)
    this.allowAll()
    this.simulator.mutate.messageContent(true)
    this.simulator.mutate.guildMembers(true)
    this.#token = this.#newToken
    this.#learnsIn = null
    this.chronicle.note()
  }

  keepOpen(): Promise<Database> {
    return this.#folder.keepOpen()
  }

  letGo(): void {
    this.#folder.letGo()
  }

  async close(): Promise<void> {
    this.letGo()
    await this.simulator.close()
    this.clock.close()
    this.#folder.remove()
  }
}

function idsOf(narrowed: Narrowed, { truth }: DiscordSimulator): Record<string, string[]> {
  if (narrowed === null) return {}
  const [name, numbers, rows] =
    'guilds' in narrowed
      ? (['guild_id', narrowed.guilds, [...truth.guilds()]] as const)
      : (['channel_id', narrowed.channels, [...truth.channels()]] as const)
  return { [name]: [...new Set(numbers.map((number) => rows[number % rows.length]!.id))] }
}
