import type { Instant } from '../../../../libs/connect/instant.ts'
import type { Message } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import type { Dataset } from '../types.ts'
import { loadConversations } from './conversations_dataset.ts'
import { loadGenerated } from './generated_dataset.ts'
import { loadSample } from './sample_dataset.ts'

export interface LoadReport {
  messages: number
  replyLinks: number
  firstAt: Instant
  lastAt: Instant
}

/** Fills an empty tenant. `now` is where the invented data sets end; recorded ones keep their own times. */
export async function loadDataset(
  tenant: Tenant,
  dataset: Dataset,
  now: Instant,
  sharedChannels: number,
): Promise<LoadReport> {
  if ('sample' in dataset) await loadSample(tenant, now)
  else if ('generated' in dataset) loadGenerated(tenant, dataset.generated, now)
  else await loadConversations(tenant, dataset, sharedChannels)
  if (!('ndjson' in dataset)) addSharedChannels(tenant, now, sharedChannels)
  tenant.settle()
  return report(tenant)
}

/** A shared channel with a few messages in each of the first teams. */
function addSharedChannels(tenant: Tenant, now: Instant, count: number): void {
  for (const team of tenant.teams.slice(0, count)) {
    const channel = tenant.addChannel(team, 'Partners', 'shared', team.created)
    for (let index = 0; index < 7; index++) {
      const author = tenant.users[index % tenant.users.length]!
      tenant.addMessage(channel, {
        at: now - 86_400_000 + index * 60_000,
        author,
        text: `Note ${index + 1} for our partners`,
        root: null,
      })
    }
  }
}

function report(tenant: Tenant): LoadReport {
  const all: Message[] = tenant.teams.flatMap((team) => team.channels.flatMap((channel) => channel.all))
  let firstAt = Number.POSITIVE_INFINITY
  let lastAt = Number.NEGATIVE_INFINITY
  let replyLinks = 0
  for (const message of all) {
    firstAt = Math.min(firstAt, message.id)
    lastAt = Math.max(lastAt, message.modified)
    if (message.root) replyLinks++
  }
  return { messages: all.length, replyLinks, firstAt, lastAt }
}
