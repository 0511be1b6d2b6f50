import type { Instant } from '../../../../libs/connect/instant.ts'
import { hashText } from '../../../../libs/simulator/random.ts'
import type { Context } from '../context.ts'
import type { User } from '../model.ts'
import type { World } from '../world.ts'

/** Who looks, and what that changes in what is shown. */
export interface View {
  world: World
  now: Instant
  /** For `me`, and for what an app without the content intent may still read. */
  bot: User
  /** Is the content of messages shown to the bot at all? */
  content: boolean
  /** Do fresh edits show microseconds? */
  exactEdits: boolean
  /** Address of an attachment's file, signed or bare. */
  file(path: string): string
  /** Where a picture of an embed can be had. */
  proxy(url: string): string
}

/** What the bot reads at this moment: every address is made anew. */
export function apiView(context: Context, origin: string): View {
  const { world, access, settings, clock } = context
  const now = clock.now()
  const issued = Math.floor(now / 1000)
  const expires = issued + settings.signedUrlSeconds
  const read = ++reads
  return {
    world,
    now,
    bot: access.bot,
    content: access.messageContent,
    exactEdits: true,
    file: (path) => `${origin}${path}?${signature(world.seed, path, expires, issued)}`,
    proxy: (url) => `${origin}/external/${hashText(url, read).toString(36)}${bare(url)}`,
  }
}

/** What is so, for whom all is shown: bare addresses, edits in whole milliseconds. */
export function truthView(context: Context, origin: string): View {
  const { world, access, clock } = context
  return {
    world,
    now: clock.now(),
    bot: access.bot,
    content: true,
    exactEdits: false,
    file: (path) => `${origin}${path}`,
    proxy: (url) => `${origin}/external${bare(url)}`,
  }
}

let reads = 0

/** `ex` and `is` are seconds in hexadecimal, `hm` signs both and the path (reference §10). */
export function signature(seed: number, path: string, expires: number, issued: number): string {
  const ex = expires.toString(16)
  const is = issued.toString(16)
  return `ex=${ex}&is=${is}&hm=${mac(seed, path, ex, is)}&`
}

export function mac(seed: number, path: string, ex: string, is: string): string {
  const text = `${path} ${ex} ${is}`
  return [1, 2, 3, 4, 5, 6, 7, 8]
    .map((part) =>
      hashText(text, seed * 8 + part)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')
}

/** `https://host/path` as the path of a proxy: `/https/host/path`. */
function bare(url: string): string {
  return `/${url.replace('://', '/')}`
}
