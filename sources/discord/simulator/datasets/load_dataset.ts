import type { Instant } from '../../../../libs/connect/instant.ts'
import type { User } from '../model.ts'
import type { Dataset, LoadReport } from '../types.ts'
import type { World } from '../world.ts'
import { loadConversations } from './conversations_dataset.ts'
import { loadGenerated } from './generated_dataset.ts'
import { loadSample } from './sample_dataset.ts'

/** Fills an empty world. `now` is where the invented data sets end; recorded ones keep their own times. */
export async function loadDataset(world: World, bot: User, dataset: Dataset, now: Instant): Promise<LoadReport> {
  if ('sample' in dataset) await loadSample(world, bot, now)
  else if ('generated' in dataset) loadGenerated(world, bot, dataset.generated, now)
  else await loadConversations(world, bot, dataset)
  return report(world)
}

function report(world: World): LoadReport {
  const loaded: LoadReport = {
    messages: 0,
    replyLinks: 0,
    firstAt: Number.POSITIVE_INFINITY,
    lastAt: Number.NEGATIVE_INFINITY,
  }
  for (const guild of world.guilds) {
    for (const { messages } of [...guild.channels, ...guild.threads]) {
      loaded.messages += messages.length
      for (const { at, editedAt, type } of messages) {
        loaded.firstAt = Math.min(loaded.firstAt, at)
        loaded.lastAt = Math.max(loaded.lastAt, at, Math.floor(editedAt / 1000))
        if (type === 19) loaded.replyLinks++
      }
    }
  }
  return loaded
}
