import type { Exchange, Route } from '../../../libs/simulator/exchange.ts'
import type { Mutate, MutationPlan } from './mutation_types.ts'

/** Changes the tenant under the feet of whoever reads it: after every n-th page, in the team that was read. */
export function mutateDuringWalk(plan: MutationPlan, mutate: Mutate): (exchange: Exchange, route: Route) => void {
  const routes = plan.routes ?? ['export']
  const max = plan.max ?? 10_000
  let answered = 0
  let made = 0
  return (exchange, route) => {
    if (!routes.includes(route.name) || ++answered % plan.every !== 0 || made >= max) return
    made++
    const team_id = exchange.params.team?.toLowerCase()
    mutate.random({ ...(team_id === undefined ? {} : { team_id }), ...(plan.among ? { among: plan.among } : {}) })
  }
}
