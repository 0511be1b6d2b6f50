import { formatBytes, formatCount, formatDuration, plural } from '../../libs/observe/format.ts'
import { textTable } from '../../libs/observe/text_table.ts'
import type { RequestEstimate, SyncEstimate, TableEstimate } from '../sync/estimate_types.ts'

/** An estimate for a person: a line a table, a line for what is read together, and what it comes to. */
export function formatEstimate(estimate: SyncEstimate): string {
  const tables = estimate.tables.map(({ destination, partitions, since }) => [
    destination,
    formatCount(partitions.total),
    formatCount(partitions.new),
    formatCount(partitions.going_on),
    since ?? '-',
    formatOddities(partitions),
  ])
  const reads = estimate.reads.map(({ destinations, requests }) => [
    destinations.join(', '),
    formatCount(requests.at_least),
    formatGuess(requests),
    requests.basis,
  ])
  return [
    textTable([['table', 'partitions', 'from the beginning', 'going on', 'since', ''], ...tables]),
    textTable([['read together', 'at least', 'estimated', 'requests: how they were reckoned'], ...reads]),
    formatTotal(estimate),
  ].join('\n')
}

function formatOddities({ refused, missing }: TableEstimate['partitions']): string {
  const parts = [
    refused > 0 ? `${formatCount(refused)} refused` : '',
    missing > 0 ? `${formatCount(missing)} not listed any more` : '',
  ]
  return parts.filter(Boolean).join(', ')
}

const formatGuess = ({ estimated }: RequestEstimate) => (estimated === null ? 'unknown' : `~${formatCount(estimated)}`)

function formatTotal({ requests, seconds, limit, earlier, planning }: SyncEstimate): string {
  const guess = requests.estimated === null ? '' : `, about ${formatCount(requests.estimated)}`
  const lines = [`A sync makes at least ${plural(requests.at_least, 'request')}${guess}. ${requests.basis}`]
  if (limit !== null)
    lines.push(
      `It takes ${requests.estimated === null ? 'at least' : 'about'} ${formatDuration(seconds)}. Of the documented limits, ${limit.rule} binds: ${plural(limit.requests, 'request')} at ${formatCount(limit.per_second)} a second take ${formatDuration(limit.seconds)}.`,
    )
  if (earlier !== null) lines.push(formatEarlier(earlier))
  const { requests: asked, bytes, seconds: took } = planning
  lines.push(
    `Nothing was written. This took ${plural(asked, 'request')}, ${formatBytes(bytes)} and ${formatDuration(took)}.`,
  )
  return `${lines.join('\n')}\n`
}

function formatEarlier({ runs, largest, usual }: NonNullable<SyncEstimate['earlier']>): string {
  const most = `the largest read ${plural(largest.rows, 'row')} by ${plural(largest.requests, 'request')} in ${formatDuration(largest.seconds)}`
  const rest =
    usual === null
      ? ''
      : `, the others usually took ${plural(usual.requests, 'request')} and ${formatDuration(usual.seconds)}`
  return `${plural(runs, 'earlier run')} of these tables: ${most}${rest}.`
}
