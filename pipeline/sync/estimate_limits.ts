import type { LimitLoad } from '../../libs/connect/estimate.ts'
import type { BindingLimit } from './estimate_types.ts'

/** The limit that takes the longest: limits of one key are shared by all feeds, and different ones run side by side. */
export function bindingLimit(loads: readonly LimitLoad[]): BindingLimit | null {
  let binding: BindingLimit | null = null
  for (const ofKey of Map.groupBy(loads, ({ key }) => key).values()) {
    const { rule, perSecond } = ofKey[0]!
    const requests = ofKey.reduce((sum, load) => sum + load.requests, 0)
    const seconds = requests / perSecond
    if (binding === null || seconds > binding.seconds)
      binding = { rule, per_second: perSecond, requests: Math.round(requests), seconds: round(seconds) }
  }
  return binding
}

const round = (seconds: number) => Math.round(seconds * 10) / 10
