import type { Exchange, Route } from '../../../../libs/simulator/exchange.ts'
import type { Random } from '../../../../libs/simulator/random.ts'
import type { Channel, Guild } from '../model.ts'
import type { Mutate, MutationPlan } from '../mutation_types.ts'

/**
 * Changes the world under the feet of whoever reads it: after every n-th page, half of the time in the very channel
 * that was read and else anywhere in its guild.
 */
export function mutateDuringWalk(
  plan: MutationPlan,
  mutate: Mutate,
  random: Random,
): (exchange: Exchange, route: Route) => void {
  const routes = plan.routes ?? ['messages']
  const max = plan.max ?? 10_000
  let answered = 0
  let made = 0
  return (exchange, route) => {
    if (!routes.includes(route.name) || ++answered % plan.every !== 0 || made >= max) return
    made++
    const channel = exchange.state.get('channel') as Channel | undefined
    const guild = (exchange.state.get('guild') as Guild | undefined) ?? channel?.guild
    const among = plan.among ? { among: plan.among } : {}
    const here = channel && random.below(2) === 0 ? { channel_id: channel.id } : {}
    tryChange(mutate, [
      { ...(guild ? { guild_id: guild.id } : {}), ...here, ...among },
      { ...(guild ? { guild_id: guild.id } : {}), ...among },
      among,
    ])
  }
}

/** What the channel has nothing for happens in its guild, or else anywhere; a world without anything stays as it is. */
function tryChange(mutate: Mutate, targets: readonly Parameters<Mutate['random']>[0][]): void {
  for (const target of targets) {
    try {
      mutate.random(target)
      return
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
}
