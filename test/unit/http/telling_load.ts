import { Limiter } from '../../../libs/http/limiter.ts'
import { MemoryBudget } from '../../../libs/http/memory_budget.ts'
import type { Bucket } from '../../../libs/http/types.ts'
import type { TellingServer } from './telling_servers.ts'
import { seededRandom, VirtualTime } from './virtual_time.ts'

export interface TellingLoad {
  /** One a channel. */
  servers: readonly TellingServer[]
  bucket(channel: number): Bucket
  /** Requests a second over all channels, which `share` is a part of. */
  binding: number
  seconds: number
  /** Left out of `share` and `steadyRefused`. */
  warmUpSeconds: number
  workers?: number
  latencyMs?: number
  jitterMs?: number
  seed?: number
  rateShare?: number
  /** Processes like this one that share the token; all count as ours. Default 1. */
  processes?: number
  /** Another process with the same token: ms between two of its requests to a channel. */
  other?: (random: () => number) => number
}

export interface TellingResult {
  /** Of the limit that binds, ours and those of others. */
  share: number
  ours: number
  others: number
  refused: number
  refusedShare: number
  /** Sent after a refusal was here and before it allowed. */
  early: number
}

/** Drives the limiter against servers that tell their limits, on a virtual clock. */
export async function driveTelling(load: TellingLoad): Promise<TellingResult> {
  const time = new VirtualTime()
  const random = seededRandom(load.seed ?? 7)
  const rateShare = load.rateShare ?? 1
  const limiters = Array.from({ length: load.processes ?? 1 }, () => {
    return new Limiter({
      runtime: { now: time.now, sleep: time.sleep, random, rateShare },
      maxInFlight: 50,
      maxThrottleMs: 3_600_000,
      memory: new MemoryBudget(1 << 30),
    })
  })
  const begin = time.now() + load.warmUpSeconds * 1000
  const end = time.now() + load.seconds * 1000
  const counts = { ours: 0, others: 0, refused: 0, early: 0, all: 0 }
  const oneWay = () => (load.latencyMs ?? 40) / 2 + random() * ((load.jitterMs ?? 16) / 2)
  const within = () => time.now() >= begin && time.now() < end
  const GLOBAL: Bucket = { key: 'global', limit: 50, windowMs: 1000 }

  async function worker(limiter: Limiter, channel: number): Promise<void> {
    const bucket = load.bucket(channel)
    let allowedAt = Number.NEGATIVE_INFINITY
    while (time.now() < end) {
      const grant = await limiter.acquire([bucket, GLOBAL])
      const sentAt = time.now()
      if (sentAt < allowedAt) counts.early++
      await time.sleep(oneWay())
      const arrived = time.now()
      const answer = load.servers[channel]!.answer(arrived)
      if (arrived >= begin && arrived < end) counts.all++
      if (within() && answer.served) counts.ours++
      await time.sleep(oneWay())
      grant.heard()
      const facts = answer.told === undefined ? [] : [{ key: bucket.key, ...answer.told }]
      if (answer.served) {
        grant.told(facts)
        grant.succeeded()
      } else {
        if (arrived >= begin && arrived < end) counts.refused++
        // What the server allows holds for all workers of the channel, from when the refusal is here.
        allowedAt = arrived + answer.retryAfterMs!
        grant.refused(answer.retryAfterMs, bucket.key)
      }
    }
  }

  /** Sends when it wants to, waits when it is refused, and makes up for it. */
  async function other(channel: number): Promise<void> {
    let due = time.now() + load.other!(random)
    while (time.now() < end) {
      await time.sleep(Math.max(1, due - time.now()))
      const answer = load.servers[channel]!.answer(time.now())
      if (answer.served) {
        if (within()) counts.others++
        due += load.other!(random)
      } else due = time.now() + answer.retryAfterMs! + random() * 500
      // It does not save up for ever.
      due = Math.max(due, time.now() - 5000)
    }
  }

  for (let channel = 0; channel < load.servers.length; channel++) {
    for (const limiter of limiters) {
      for (let i = 0; i < (load.workers ?? 4); i++) worker(limiter, channel).catch(() => {})
    }
    if (load.other !== undefined) other(channel).catch(() => {})
  }
  await time.advance(load.seconds * 1000)
  for (const limiter of limiters) limiter.close()
  const { ours, others, refused, early, all } = counts
  const seconds = (end - begin) / 1000
  return { share: (ours + others) / seconds / load.binding, ours, others, refused, refusedShare: refused / all, early }
}
