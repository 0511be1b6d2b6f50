import type { Bucket } from '../../libs/http/types.ts'
import { driveTelling, type TellingLoad } from '../unit/http/telling_load.ts'
import { absurd, boastful, honest, silent, type TellingServer } from '../unit/http/telling_servers.ts'

/*
 * How much of a limit the limiter uses when the server tells it truly, not at all, or wrongly (reference discord §8), and
 * how much is refused (aims: >= 0.95 in steady state, < 1 %). The clock is virtual: hours take seconds.
 *
 *   node test/bench/learned_limits.bench.ts
 */

const channel = (n: number): Bucket => ({
  key: `channel${n}`,
  limit: 250,
  strict: 5,
  windowMs: 5000,
  rule: 'messages',
})
const channels = (count: number, make: () => TellingServer) => Array.from({ length: count }, make)
const random = (perSecond: number) => (chance: () => number) => (-Math.log(1 - chance()) * 1000) / perSecond

const cases: [name: string, load: Omit<TellingLoad, 'bucket' | 'seconds' | 'warmUpSeconds'>][] = [
  ['true, 5 in 5 s', { servers: channels(1, () => honest(5, 5000)), binding: 1 }],
  ['true, 20 channels', { servers: channels(20, () => honest(5, 5000)), binding: 20 }],
  ['true, 80 channels, 50/s a bot bind', { servers: channels(80, () => honest(5, 5000)), binding: 50, workers: 2 }],
  ['true, lower: 1 in 2 s', { servers: channels(5, () => honest(1, 2000)), binding: 2.5 }],
  ['true, lower: 10 in 60 s', { servers: channels(5, () => honest(10, 60_000)), binding: 5 / 6 }],
  ['true, higher: 10 in 1 s', { servers: channels(3, () => honest(10, 1000)), binding: 30 }],
  ['true, lower and long: 10 in 300 s', { servers: channels(5, () => honest(10, 300_000)), binding: 1 / 6 }],
  ['(a) silent, 5 in 5 s', { servers: channels(10, () => silent(5, 5000)), binding: 10 }],
  ['(a) silent, 10 in 1 s', { servers: channels(3, () => silent(10, 1000)), binding: 30 }],
  ['(a) silent after 60 s', { servers: channels(10, () => silent(5, 5000, 1_800_000_060_000)), binding: 10 }],
  ['(b) 1000/999, then 0/5; 1 s', { servers: channels(10, () => boastful(5, 5000)), binding: 10 }],
  ['(b) 1000/999, then 0/5; 5 s', { servers: channels(10, () => boastful(5, 5000, 1000, 5000)), binding: 10 }],
  ['(b) one channel', { servers: channels(1, () => boastful(5, 5000)), binding: 1 }],
  ['(c) reset in 20 h', { servers: channels(10, () => absurd(5, 5000, 72_000_000)), binding: 10 }],
  ['(c) reset in 30 s', { servers: channels(10, () => absurd(5, 5000, 30_000)), binding: 10 }],
  ['(c) 0 left, reset in 20 h', { servers: channels(10, () => absurd(5, 5000, 72_000_000, true)), binding: 10 }],
  ['(d) other, every 2.5 s', { servers: channels(1, () => honest(5, 5000)), binding: 1, other: () => 2500 }],
  ['(d) other, 0.4/s at random', { servers: channels(10, () => honest(5, 5000)), binding: 10, other: random(0.4) }],
  ['(d) other, 0.8/s at random', { servers: channels(10, () => honest(5, 5000)), binding: 10, other: random(0.8) }],
  ['(d) other, 4/s of 10/s', { servers: channels(3, () => honest(10, 1000)), binding: 30, other: random(4) }],
  ['(d) two of us, 5 in 5 s', { servers: channels(10, () => honest(5, 5000)), binding: 10, processes: 2 }],
  [
    '(d) two of us, half each',
    { servers: channels(10, () => honest(5, 5000)), binding: 10, processes: 2, rateShare: 0.5 },
  ],
  ['(d) two of us, 10 in 1 s', { servers: channels(3, () => honest(10, 1000)), binding: 30, processes: 2 }],
]

for (const [name, load] of cases) {
  const { share, ours, others, refusedShare, early } = await driveTelling({
    bucket: channel,
    seconds: 3600,
    warmUpSeconds: 1800,
    ...load,
  })
  const figures = `share ${share.toFixed(3)}, refused ${(100 * refusedShare).toFixed(2)} %, early ${early}`
  console.log(`${name}: ${figures}${others > 0 ? `, ${ours} ours and ${others} of others` : ''}`)
}
