import type { Database } from '../../../pipeline/destinations/duckdb/database.ts'
import {
  startTeamsSimulator,
  type TeamsConnection,
  type TeamsSimulator,
  type VirtualClock,
  virtualClock,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { DEFAULT_ROLES } from '../../../sources/microsoft_teams/simulator/permissions.ts'
import { DatabaseFolder } from '../database_folder.ts'
import type { World as AnyWorld } from '../game.ts'
import type { SimulationPlan } from './plan_types.ts'

/** A tenant on a clock of its own, the file that it is synced into, and what has been done to it. */
export class World implements AnyWorld {
  readonly simulator: TeamsSimulator
  readonly clock: VirtualClock
  /** Not there at the moment. */
  readonly removedTeams = new Set<string>()
  readonly everRemovedTeams = new Set<string>()
  /** `team/channel` of everything that was ever removed for good. */
  readonly removedChannels = new Set<string>()
  readonly #folder = new DatabaseFolder()
  #secret: string
  /** Runs that pass before the connection learns the secret. */
  #learnsIn: number | null = null
  #newSecret: string

  private constructor(simulator: TeamsSimulator, clock: VirtualClock) {
    this.simulator = simulator
    this.clock = clock
    this.#secret = this.#newSecret = simulator.connection.client_secret
  }

  static async start({ world }: Pick<SimulationPlan, 'world'>): Promise<World> {
    const clock = virtualClock({ auto: true })
    return new World(await startTeamsSimulator({ ...world, clock }), clock)
  }

  get database(): string {
    return this.#folder.database
  }

  /** As it is configured: after a rotated secret not always with the right one. */
  get connection(): TeamsConnection {
    return { ...this.simulator.connection, client_secret: this.#secret }
  }

  rotateSecret(late: number): void {
    this.#newSecret = this.simulator.mutate.rotateSecret()
    this.#learnsIn = late
  }

  beforeRun(): void {
    if (this.#learnsIn === null || this.#learnsIn-- > 0) return
    this.#secret = this.#newSecret
    this.#learnsIn = null
  }

  removeTeam(team: string): void {
    this.simulator.mutate.removeTeam(team)
    this.removedTeams.add(team)
    this.everRemovedTeams.add(team)
  }

  removeChannel(team: string, channel: string): void {
    this.simulator.mutate.removeChannel(team, channel)
    this.removedChannels.add(`${team}/${channel}`)
  }

  allowAll(): void {
    const { mutate, truth } = this.simulator
    for (const team of [...truth.teams().map(({ id }) => id), ...this.removedTeams]) {
      mutate.allowTeam(team)
      mutate.allowExport(team)
    }
    for (const team of truth.teams()) for (const { id } of team.channels) mutate.allowChannel(team.id, id)
  }

  /** A new process begins behind every pause that a fault has named. */
  shutMs(): number {
    return 0
  }

  keepOpen(): Promise<Database> {
    return this.#folder.keepOpen()
  }

  letGo(): void {
    this.#folder.letGo()
  }

  /** Nothing is refused any more, and the connection is right. */
  mend(): void {
    this.simulator.setFaults(null)
    this.allowAll()
    for (const role of DEFAULT_ROLES) this.simulator.mutate.grantRole(role)
    this.#secret = this.#newSecret
    this.#learnsIn = null
  }

  async close(): Promise<void> {
    this.letGo()
    await this.simulator.close()
    this.clock.close()
    this.#folder.remove()
  }
}
