import type { Instant } from '../../../../libs/connect/instant.ts'
import { MESSAGE } from '../codes.ts'
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
  world.settle()
  return report(world)
}

function report(world: World): LoadReport {
  let messages = 0
  let replyLinks = 0
  let firstAt = Number.POSITIVE_INFINITY
  let lastAt = Number.NEGATIVE_INFINITY
  for (const guild of world.guilds) {
    for (const place of [...guild.channels, ...guild.threads]) {
      messages += place.messages.length
      firstAt = Math.min(firstAt, place.messages[0]?.at ?? firstAt)
      for (const message of place.messages) {
        if (message.at > lastAt) lastAt = message.at
        if (message.editedAt > lastAt * 1000) lastAt = Math.floor(message.editedAt / 1000)
        if (message.type === MESSAGE.REPLY) replyLinks++
      }
    }
  }
  return { messages, replyLinks, firstAt, lastAt }
}
