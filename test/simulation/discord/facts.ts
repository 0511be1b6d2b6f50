import { timeOfSnowflake } from '../../../sources/discord/snowflake.ts'
import { DISCORD_SOFT_TABLES } from '../../support/discord_truth.ts'
import type { Check as CheckOf, Facts as FactsOf } from '../game.ts'
import type { Chronicle } from './chronicle.ts'
import type { Claims } from './claims.ts'
import type { SimulationPlan } from './plan_types.ts'
import type { DiscordStored } from './stored.ts'
import type { World } from './world.ts'

/** What was there when, and what was claimed of it. */
export interface Truth {
  chronicle: Chronicle
  claims: Claims
}

export type Facts = FactsOf<SimulationPlan, World, DiscordStored, Truth>

export type Check = CheckOf<Facts>

/** What the run has claimed counts from now on. */
export function readTruth({ chronicle, claims }: World, { before, after, run }: Omit<Facts, 'truth'>): Truth {
  claims.note(before, after, run)
  return { chronicle, claims }
}

/** Tables of messages and of what hangs on them. */
export const isOfMessages = (table: string) => DISCORD_SOFT_TABLES.includes(table)

/** The parts of a key of a table of messages. */
export function messageOf(key: string): { guild: string; place: string; message: string } {
  const [guild = '', place = '', message = ''] = key.split('/')
  return { guild, place, message }
}

/** Whether start_date and end_date let the message be read. */
export function isMeant({ options }: SimulationPlan, message: string): boolean {
  const { start_date, end_date } = options
  const time = timeOfSnowflake(message)
  const isEarly = start_date !== undefined && time < Date.parse(start_date)
  return !isEarly && (end_date === undefined || time < Date.parse(end_date))
}
