import { isParleyError } from '../connect/error.ts'
import type { Exchange, Reply, Route } from './exchange.ts'
import type { FaultPlan } from './fault_plan.ts'
import type { SimulatorServer } from './server.ts'

export interface Controls {
  server(): SimulatorServer
  truth(exchange: Exchange): Reply
  mutate(change: never): object
}

/** The control calls that every simulator has, for when it runs as another process. Wrong requests are answered 400. */
export function controlRoutes(controls: Controls): Route[] {
  return [
    control('GET', 'truth', (exchange) => controls.truth(exchange)),
    control('GET', 'stats', () => ({ status: 200, body: controls.server().stats() })),
    control('GET', 'log', () => ({ status: 200, body: [...controls.server().log] })),
    control('POST', 'reset-stats', () => {
      controls.server().resetStats()
      return { status: 200, body: {} }
    }),
    control('POST', 'faults', (exchange) => {
      controls.server().setFaults(readJson(exchange) as FaultPlan | null)
      return { status: 200, body: {} }
    }),
    control('POST', 'clock', (exchange) => {
      const { advance_ms } = (readJson(exchange) ?? {}) as { advance_ms?: number }
      if (typeof advance_ms !== 'number' || !(advance_ms >= 0))
        throw new TypeError('advance_ms must be milliseconds from 0.')
      exchange.clock.advance(advance_ms)
      return { status: 200, body: { now: exchange.clock.now() } }
    }),
    control('POST', 'mutate', (exchange) => {
      const changes = [readJson(exchange)].flat()
      return { status: 200, body: changes.map((change) => controls.mutate(change as never)) }
    }),
  ]
}

function control(method: string, name: string, handle: (exchange: Exchange) => Reply): Route {
  return {
    name: `control_${name}`,
    method,
    pattern: `/_simulator/${name}`,
    control: true,
    handle: (exchange) => {
      try {
        return handle(exchange)
      } catch (error) {
        const body = isParleyError(error) ? error.toJSON() : { message: (error as Error).message }
        return { status: 400, body: { error: body } }
      }
    },
  }
}

function readJson(exchange: Exchange): unknown {
  return exchange.body.length === 0 ? null : JSON.parse(exchange.body.toString('utf8'))
}
