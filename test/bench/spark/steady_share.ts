import type { TeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'

/** Ends that are not steady: discovery, the limiter's start. */
const EDGE_MS = 5_000
const LOOK_EVERY_MS = 500

export interface Share {
  /** Of what the limit allows. */
  used: number
  seconds: number
  /** Of all requests that count against the limit. */
  refused: number
}

/** Watches a simulator's log, whose oldest entries fall out, until `end` reckons what was used of a limit in steady state. */
export function steadyShare({ log }: TeamsSimulator, routes: readonly string[]): { end(perSecond: number): Share } {
  const sent: number[] = []
  const seen = new WeakSet<object>()
  let refused = 0
  const look = () => {
    for (const entry of log) {
      if (!routes.includes(entry.route) || seen.has(entry)) continue
      seen.add(entry)
      if (entry.status === 429) refused++
      else sent.push(entry.at)
    }
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  return {
    end(perSecond) {
      clearInterval(timer)
      look()
      sent.sort((one, other) => one - other)
      // Until the last quarter: by then some partitions are done, and what is left cannot fill the limit.
      const [from, until] = [sent[0]! + EDGE_MS, sent[Math.floor(sent.length * 0.75)]!]
      const steady = sent.filter((at) => at >= from && at < until).length
      const seconds = (until - from) / 1000
      return { used: steady / (perSecond * seconds), seconds, refused: refused / (sent.length + refused) }
    },
  }
}
