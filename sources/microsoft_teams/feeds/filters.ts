import { hash } from 'node:crypto'
import type { Partition } from '../../../libs/connect/feed.ts'
import type { ResolvedOptions } from '../../../libs/connect/options.ts'
import type { GraphQuery } from '../client.ts'
import { BadRequestError } from '../errors/bad_request_error.ts'
import { FilterRejectedError } from '../errors/filter_rejected_error.ts'

/** Table options whose text goes to Graph as `$filter` of a list. */
export type FilterOption = 'team_filter' | 'channel_filter' | 'member_filter'

/** The filter that an option sets, as it was written; undefined where it is not set. */
export function filterOf(options: ResolvedOptions, option: FilterOption): string | undefined {
  const filter = options[option]
  return typeof filter === 'string' ? filter : undefined
}

/** The query option, or nothing: `{ ...filterQuery(options, 'channel_filter') }`. */
export function filterQuery(options: ResolvedOptions, option: FilterOption): GraphQuery {
  const $filter = filterOf(options, option)
  return $filter === undefined ? {} : { $filter }
}

/** A name for the list in a session: a filtered one is another list. */
export function listKey(list: string, options: ResolvedOptions, option: FilterOption): string {
  const filter = filterOf(options, option)
  return filter === undefined ? list : `${list} where ${filter}`
}

/**
 * The partition whose list an option filters: one of its own, as a part of the whole one. So a filtered walk neither
 * moves the cursor of the whole list nor goes on at its page token, and the whole list keeps the last word on its rows.
 */
export function filteredPart(partition: Partition, options: ResolvedOptions, option: FilterOption): Partition {
  const filter = filterOf(options, option)
  if (filter === undefined) return partition
  const name = hash('sha256', filter, 'hex').slice(0, 16)
  return { ...partition, id: `${partition.id}?${option}=${name}`, within: partition.within ?? partition.id }
}

/** @throws FilterRejectedError in place of a 400, where the request carries the option's filter */
export async function blamingFilter<T>(
  options: ResolvedOptions,
  option: FilterOption,
  request: Promise<T>,
): Promise<T> {
  try {
    return await request
  } catch (error) {
    if (error instanceof BadRequestError && filterOf(options, option) !== undefined)
      throw new FilterRejectedError(option, error)
    throw error
  }
}
