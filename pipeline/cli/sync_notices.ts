import { formatDuration } from '../../libs/observe/format.ts'
import type { SpecNotice } from '../spec/notice.ts'
import type { SyncPlan } from '../sync/types.ts'

const A_DAY_SECONDS = 86_400

/** What `--full` costs, said once. */
export function fullNotices({ full }: Pick<SyncPlan, 'full'>): SpecNotice[] {
  if (full !== true) return []
  const message =
    'Everything is read again from the beginning, as in a first sync; `--dry-run` says what that costs. Rows that have not changed stay as they are.'
  return [{ code: 'PARLEY_FULL_READ', message, file: '', line: 0 }]
}

/**
 * A warning where an API asks to be polled once a day at most unless a date range is given, and the schedule
 * is denser. Source for Graph: reference/microsoft_graph_teams.md §1.15.
 */
export function pollingNotices(
  { source, jobs }: Pick<SyncPlan, 'source' | 'jobs'>,
  everySeconds: number,
): SpecNotice[] {
  if (everySeconds >= A_DAY_SECONDS) return []
  const whole = jobs.filter(({ table, options }) =>
    source.feeds.some((feed) => feed.tables.includes(table.name) && feed.ranged?.(options) === false),
  )
  if (whole.length === 0) return []
  const names = [...new Set(whole.map(({ table }) => table.name))].join(', ')
  const message =
    `Every ${formatDuration(everySeconds)}, ${names} would be asked for without a range of dates. ${source.displayName} allows that once a day and may ` +
    'throttle harder; read these tables by a schedule of their own, with --tables and --every 1d.'
  return [{ code: 'PARLEY_POLLING_TOO_OFTEN', message, file: '', line: 0 }]
}
