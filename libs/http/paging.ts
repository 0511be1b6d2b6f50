import { hash } from 'node:crypto'
import { ForeignLinkError } from './foreign_link_error.ts'
import { PagingLoopError } from './paging_loop_error.ts'

/** A page of a list: `next` is the link of the page after it, absent on the last. */
export interface LinkedPage {
  next: string | undefined
}

export interface FollowPages<P extends LinkedPage> {
  first(): Promise<P>
  follow(link: string): Promise<P>
  /** How often a link that was handed out before may come again. Default 3. */
  maxRepeats?: number
}

/** Links are remembered as 8 bytes each; a list of more pages than this forgets the oldest. */
const MAX_REMEMBERED = 100_000

/**
 * Walks a list page by page. Only an absent link ends it: short and empty pages are legal.
 * @throws PagingLoopError when links that were followed before come again `maxRepeats` times in this walk.
 */
export async function* followPages<P extends LinkedPage>(pages: FollowPages<P>): AsyncGenerator<P, void, void> {
  const maxRepeats = pages.maxRepeats ?? 3
  const seen = new Set<bigint>()
  let repeats = 0
  let count = 1
  let page = await pages.first()
  yield page
  while (page.next !== undefined) {
    const link = hash('sha256', page.next, 'buffer').readBigUInt64LE(0)
    if (seen.has(link) && ++repeats >= maxRepeats) throw new PagingLoopError(count, repeats)
    remember(seen, link)
    page = await pages.follow(page.next)
    count++
    yield page
  }
}

function remember(seen: Set<bigint>, link: bigint): void {
  seen.add(link)
  if (seen.size <= MAX_REMEMBERED) return
  const [oldest] = seen
  seen.delete(oldest!)
}

/**
 * Checks a link before any credential is made for it.
 * @throws ForeignLinkError when it is not an absolute URL of one of the allowed origins.
 */
export function assertSameOrigin(link: string, allowed: readonly string[]): URL {
  const url = URL.canParse(link) ? new URL(link) : undefined
  // A link with user or password in it would send other credentials than ours.
  if (url !== undefined && allowed.includes(url.origin) && url.username === '' && url.password === '') return url
  throw new ForeignLinkError(url === undefined ? 'no absolute address' : url.origin, allowed)
}
