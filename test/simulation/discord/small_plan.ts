import { NOTHING, type SimulateOptions, simulate } from '../simulate.ts'
import { discord } from './game.ts'
import type { RunPlan, SimulationPlan } from './plan_types.ts'

export const RUN: RunPlan = { ...NOTHING, pauseMs: 600_000 }

/** Two syncs of a small server in fine weather: before the second the oldest message of a channel goes, that of a thread changes. */
export const PLAN: SimulationPlan = {
  seed: 1,
  world: {
    seed: 1,
    dataset: {
      generated: {
        guilds: 1,
        channelsPerGuild: 2,
        forums: 0,
        messagesPerChannel: 15,
        threadsPerChannel: 1,
        reactionsShare: 0.5,
      },
    },
    latencyMs: 5,
    throttle: 'off',
    gzip: false,
  },
  narrowed: null,
  connection: {},
  tables: ['messages', 'message_reactions', 'channels', 'threads', 'roles', 'pins'],
  late: null,
  options: { page_size: '10', edit_rescan_window: '315360000', include_reaction_users: 'true' },
  scdType: 'SCD_TYPE_1',
  workers: 4,
  unitRows: 40,
  rateShare: 100,
  runs: [
    RUN,
    {
      ...RUN,
      before: [
        { kind: 'delete_oldest', place: 1 },
        { kind: 'edit_oldest', place: 2 },
      ],
    },
  ],
}

/** What is violated by it, with changes. */
export const play = async (plan: Partial<SimulationPlan>, options: SimulateOptions = {}) =>
  (await simulate(discord, { ...PLAN, ...plan }, options)).violations.join('\n')
