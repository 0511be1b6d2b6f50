import type { Cursor, FeedDefinition } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'

/**
 * The cursor of a windowed feed whose partition has been read up to `t`: Spark's offset knows times only.
 * `s: 0` says that everything before was asked for, so the feed does not go back to its beginning.
 */
export function cursorAt(feed: FeedDefinition<never>, t: Instant): Cursor {
  return { v: feed.cursorVersion, s: 0, t }
}
