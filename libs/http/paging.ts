import { ForeignLinkError } from './foreign_link_error.ts'
import { LinkLoopGuard } from './link_loop_guard.ts'
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

/** No list of an API has more pages; one that seems to leads nowhere. */
const MAX_PAGES = 100_000

/**
 * Walks a list page by page. Only an absent link ends it: short and empty pages are legal.
 * @throws PagingLoopError when links that were followed before come again `maxRepeats` times in this walk.
 */
export async function* followPages<P extends LinkedPage>(pages: FollowPages<P>): AsyncGenerator<P, void, void> {
  const guard = new LinkLoopGuard(pages.maxRepeats)
  let page = await pages.first()
  yield page
  for (let count = 1; page.next !== undefined; count++) {
    if (!guard.accepts(page.next) || count >= MAX_PAGES) throw new PagingLoopError(count, guard.repeats)
    page = await pages.follow(page.next)
    yield page
  }
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
