import { formatCount, formatDuration, formatRate, plural } from './format.ts'
import type { ProgressState } from './progress_state.ts'

/** The parts of a progress line, the most important first: those at the end go when there is no room. */
export function progressParts(state: ProgressState, now: number): string[] {
  const { progress } = state
  const { refused, behind } = progress.partitions
  const parts = [
    `${formatCount(state.settled())}/${formatCount(progress.total)} partitions`,
    plural(progress.rows, 'row'),
  ]
  const pause = (progress.pausedUntil - now) / 1000
  if (pause > 0 && !progress.finished) parts.push(`throttled, waiting ${formatDuration(Math.ceil(pause))}`)
  else {
    parts.push(formatRate(progress.rows, state.elapsed(), 'rows'))
    if (progress.throttled > 0) parts.push(`throttled ${plural(progress.throttled, 'time')}`)
  }
  if (progress.retried > 0) parts.push(`retried ${plural(progress.retried, 'time')}`)
  const remaining = state.remaining()
  if (remaining !== undefined) parts.push(`ETA ${formatDuration(Math.ceil(remaining))}`)
  if (refused > 0) parts.push(`${refused} refused`)
  if (behind > 0) parts.push(`${behind} behind`)
  return parts
}

/**
 * One line of at most `width` characters: a bar and as many parts as fit. All characters are one column wide.
 * An empty bar: the partitions are not known yet.
 */
export function renderProgress(state: ProgressState, now: number, width: number): string {
  const parts = progressParts(state, now)
  const room = Math.max(0, width)
  const bar = room >= 60 ? `${renderBar(state.fraction(), Math.min(30, Math.floor(room / 5)))} ` : ''
  let line = bar + (parts[0] ?? '')
  for (const part of parts.slice(1)) {
    const longer = `${line}, ${part}`
    if (longer.length > room) break
    line = longer
  }
  return line.slice(0, room)
}

function renderBar(fraction: number, width: number): string {
  const filled = Math.min(width, Math.floor(fraction * width))
  const head = filled > 0 && filled < width ? '>' : ''
  return `[${('='.repeat(filled - head.length) + head).padEnd(width)}]`
}
