import { openListing } from '../../../libs/connect/snapshot_cursor.ts'
import type { SourceDefinition } from '../../../libs/connect/source.ts'
import { planWalk } from '../../../sources/discord/feeds/message_cursor.ts'
import { discord as source } from '../../../sources/discord/index.ts'
import type { Game } from '../game.ts'
import { NOTHING } from '../simulate.ts'
import { applyChange } from './apply_change.ts'
import { claimsHold } from './check_claims.ts'
import { equalsTruth } from './check_rest.ts'
import { nothingInvented, nothingUndone } from './check_rows.ts'
import { isOfMessages, readTruth, type Truth } from './facts.ts'
import { makePlan } from './make_plan.ts'
import type { SimulationPlan } from './plan_types.ts'
import { type DiscordStored, readStored } from './stored.ts'
import { World } from './world.ts'

/** The simulation of Discord. */
export const discord: Game<SimulationPlan, World, DiscordStored, Truth> = {
  source: source as unknown as SourceDefinition,
  makePlan,
  start: (plan) => World.start(plan),
  apply: applyChange,
  optionsOf: ({ options }, _, { narrowed }) => ({
    ...options,
    ...Object.fromEntries(Object.entries(narrowed).map(([name, ids]) => [name, ids.join(',')])),
  }),
  cleanRun: () => NOTHING,
  nameOf: () => '',
  readStored,
  readTruth,
  nothingInvented,
  claimsHold,
  nothingUndone,
  equalsTruth,
  notes: [],
  checkCursor(job, _, cursor) {
    if (isOfMessages(job.replace('discord.', ''))) planWalk(cursor, 0, {}, undefined)
    else openListing(cursor, 0)
  },
}
