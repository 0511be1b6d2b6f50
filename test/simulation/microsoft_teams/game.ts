import { openListing } from '../../../libs/connect/snapshot_cursor.ts'
import type { SourceDefinition } from '../../../libs/connect/source.ts'
import { parseChannelCursor } from '../../../sources/microsoft_teams/feeds/channel_cursor.ts'
import { parseExportCursor } from '../../../sources/microsoft_teams/feeds/export_cursor.ts'
import { microsoftTeams as source } from '../../../sources/microsoft_teams/index.ts'
import type { Game } from '../game.ts'
import { NOTHING } from '../simulate.ts'
import { applyChange } from './apply_change.ts'
import { claimsHold } from './check_claims.ts'
import { equalsTruth } from './check_rest.ts'
import { nothingInvented, nothingUndone } from './check_rows.ts'
import { readTruth, type Truth } from './facts.ts'
import { makePlan } from './make_plan.ts'
import type { SimulationPlan } from './plan_types.ts'
import { readStored, type TeamsStored } from './stored.ts'
import { World } from './world.ts'

/** The simulation of Microsoft Teams. */
export const microsoftTeams: Game<SimulationPlan, World, TeamsStored, Truth> = {
  source: source as unknown as SourceDefinition,
  makePlan,
  start: (plan) => World.start(plan),
  apply: applyChange,
  optionsOf: ({ options }, { readMode }) => ({ ...options, read_mode: readMode }),
  cleanRun: ({ runs }) => ({ ...NOTHING, readMode: runs.at(-1)!.readMode }),
  nameOf: ({ readMode }) => readMode,
  readStored,
  readTruth,
  nothingInvented,
  claimsHold,
  nothingUndone,
  equalsTruth,
  notes: ['PARLEY_SHARED_CHANNEL', 'PARLEY_READ_BY_CHANNEL', 'PARLEY_CHANNELS_UNKNOWN'],
  checkCursor(job, partition, cursor) {
    if (!/\.message/.test(job)) return void openListing(cursor, 0)
    // What a team has read is handed over to its channels.
    parseChannelCursor(cursor)
    if (!partition.includes('/')) parseExportCursor(cursor)
  },
}
