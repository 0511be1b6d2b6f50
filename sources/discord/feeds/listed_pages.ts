import type { ReadArgs } from '../../../libs/connect/feed.ts'
import { followPages } from '../../../libs/http/paging.ts'
import type { DiscordClient, DiscordQuery } from '../client.ts'
import { compareSnowflakes, isSnowflake } from '../snowflake.ts'
import { isRow, rowsOf } from './json_rows.ts'

type Args = Pick<ReadArgs<DiscordClient>, 'connection' | 'signal'>

/** A list whose pages are asked for by the place where the one before ended. */
export interface PagedList {
  path: readonly string[]
  query: DiscordQuery
  /** The parameter that says where a page begins. */
  from: 'before' | 'after'
  /** The object's member that holds the rows; absent where the answer is the list. */
  key?: string
  /** Where the next page begins; undefined: this was the last one. */
  next(rows: readonly unknown[], hasMore: boolean): string | undefined
}

export interface ListedPage {
  rows: unknown[]
  next: string | undefined
}

/**
 * The pages of a list, from `start` or the beginning.
 * @throws PagingLoopError for a list that leads back to itself, DiscordError
 */
export function pagesOf(list: PagedList, args: Args, start?: string): AsyncGenerator<ListedPage, void, void> {
  const page = async (from?: string): Promise<ListedPage> => {
    const query = { ...list.query, [list.from]: from }
    const expect = list.key === undefined ? 'array' : 'object'
    const { body } = await args.connection.get(list.path, query, { signal: args.signal, expect })
    const rows = rowsOf(body, list.key)
    return { rows, next: list.next(rows, isRow(body) && body.has_more === true) }
  }
  return followPages({ first: () => page(start), follow: page })
}

/** All rows of a list. */
export async function allRows(list: PagedList, args: Args): Promise<unknown[]> {
  const rows: unknown[] = []
  for await (const page of pagesOf(list, args)) rows.push(...page.rows)
  return rows
}

/** The highest id of a page of rows, by what `idOf` finds; undefined on a page without any. */
export function highestId(rows: readonly unknown[], idOf: (row: unknown) => unknown): string | undefined {
  return rows.map(idOf).filter(isSnowflake).toSorted(compareSnowflakes).at(-1)
}
