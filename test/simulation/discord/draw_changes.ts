import type { Draw } from '../drawing.ts'
import type { Change, RunPlan } from './plan_types.ts'

type LiveChange = RunPlan['during'][number]

/** Changes between two syncs: mostly messages, now and then people, places, rights and the bot itself. */
export function drawChanges(draw: Draw): Change[] {
  const changes: Change[] = []
  if (draw.chance(0.8)) changes.push({ kind: 'messages', count: draw.of(1, 3, 10, 25) })
  if (draw.chance(0.3)) changes.push({ kind: 'people', count: draw.between(1, 5) })
  while (draw.chance(0.5)) changes.push(drawPlaceChange(draw))
  if (draw.chance(0.35)) changes.push(drawRightsChange(draw))
  if (draw.chance(0.08)) changes.push(drawBotChange(draw))
  return changes
}

/** One change while a sync runs. */
export function drawLiveChange(draw: Draw): Change {
  if (draw.chance(0.5)) return { kind: 'messages', count: draw.of(1, 1, 2, 5) }
  if (draw.chance(0.1)) return { kind: 'people', count: draw.of(1, 2) }
  if (draw.chance(0.5)) return drawPlaceChange(draw)
  return draw.chance(0.75) ? drawRightsChange(draw) : drawBotChange(draw)
}

/** What there is many of: counted round and round. */
const MANY = 40

/**
 * Something is withdrawn and, some requests later, given back: what was answered in between is not so. Once of each kind in
 * a run: between two looks that agree nobody sees what was otherwise.
 */
export function drawBlinks(draw: Draw): LiveChange[] {
  const first = draw.between(0, 4)
  const kinds = draw.chance(0.4) ? [first, first + draw.between(1, 4)] : [first]
  return kinds.flatMap((kind) => {
    const at = draw.between(1, 100)
    const [gone, back] = drawWithdrawal(draw, kind % 5)
    return [
      { afterRequests: at, change: gone },
      { afterRequests: at + draw.of(1, 1, 2, 3, 6, 20), change: back },
    ]
  })
}

function drawWithdrawal(draw: Draw, kind: number): [gone: Change, back: Change] {
  const channel = draw.between(0, MANY)
  switch (kind) {
    case 0:
      return [
        { kind: 'guild_members', on: false },
        { kind: 'guild_members', on: true },
      ]
    case 1:
      return [
        { kind: 'message_content', on: false },
        { kind: 'message_content', on: true },
      ]
    case 2:
      return [
        { kind: 'deny_history', channel },
        { kind: 'allow_history', channel },
      ]
    case 3:
      return [
        { kind: 'hide_channel', channel },
        { kind: 'show_channel', channel },
      ]
    default:
      return [{ kind: 'kick_bot', guild: draw.between(0, 3) }, { kind: 'invite_bot' }]
  }
}

function drawPlaceChange(draw: Draw): Change {
  const guild = draw.between(0, 3)
  const channel = draw.between(0, MANY)
  const thread = draw.between(0, MANY)
  const place = draw.between(0, MANY)
  switch (draw.between(1, 12)) {
    case 1:
      return draw.chance(0.5) ? { kind: 'new_guild' } : { kind: 'delete_guild', guild }
    case 2:
      return { kind: 'new_channel', guild, type: draw.of(0, 0, 2, 4, 5, 13, 15, 16) }
    case 3:
      return { kind: 'delete_channel', channel }
    case 4:
      return { kind: 'rename_channel', channel }
    case 5:
    case 6:
      return drawNewThread(draw, channel)
    case 7:
      return { kind: draw.of('archive', 'unarchive', 'lock', 'unlock'), thread }
    case 8:
      return { kind: draw.of('archive', 'unarchive', 'delete_thread'), thread }
    case 9:
      return { kind: 'bulk_delete', place, count: draw.of(2, 5, 40) }
    case 10:
      return { kind: draw.of('edit_oldest', 'delete_oldest'), place }
    case 11:
      return { kind: 'super_reaction', place }
    default:
      return { kind: draw.of('delete_role', 'delete_emoji'), guild }
  }
}

function drawNewThread(draw: Draw, channel: number): Change {
  const isPrivate = draw.chance(0.3)
  return {
    kind: 'new_thread',
    channel,
    private: isPrivate,
    joined: isPrivate && draw.chance(0.5),
    fromMessage: !isPrivate && draw.chance(0.4),
  }
}

function drawRightsChange(draw: Draw): Change {
  const guild = draw.between(0, 3)
  const channel = draw.between(0, MANY)
  const thread = draw.between(0, MANY)
  const permission = draw.of('VIEW_CHANNEL', 'READ_MESSAGE_HISTORY', 'CONNECT', 'MANAGE_THREADS')
  switch (draw.between(1, 12)) {
    case 1:
    case 2:
      return { kind: draw.of('hide_channel', 'hide_channel', 'show_channel'), channel }
    case 3:
    case 4:
      return { kind: draw.of('deny_history', 'deny_history', 'allow_history'), channel }
    case 5:
    case 6:
      return { kind: draw.of('deny', 'deny', 'allow'), channel, permission }
    case 7:
      return { kind: 'kick_bot', guild }
    case 8:
      return { kind: 'invite_bot' }
    case 9:
      return { kind: 'time_out', guild, ms: draw.of(5_000, 3_600_000) }
    case 10:
      return { kind: draw.of('join_thread', 'leave_thread'), thread }
    default:
      return { kind: 'allow_all' }
  }
}

function drawBotChange(draw: Draw): Change {
  switch (draw.between(1, 5)) {
    case 1:
      return { kind: 'message_content', on: false }
    case 2:
      return { kind: 'message_content', on: true }
    case 3:
      return { kind: 'guild_members', on: draw.chance(0.5) }
    default:
      return { kind: 'rotate_token', late: draw.between(0, 1) }
  }
}
