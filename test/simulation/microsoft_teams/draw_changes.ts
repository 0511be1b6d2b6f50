import type { Draw } from '../drawing.ts'
import type { Change } from './plan_types.ts'

/** Changes between two syncs: mostly messages, now and then places, permissions and secrets. */
export function drawChanges(draw: Draw): Change[] {
  const changes: Change[] = []
  if (draw.chance(0.8)) changes.push({ kind: 'messages', count: draw.of(1, 3, 10, 25) })
  if (draw.chance(0.3)) changes.push({ kind: 'members', count: draw.between(1, 4) })
  while (draw.chance(0.45)) changes.push(drawPlaceChange(draw))
  if (draw.chance(0.1)) changes.push(drawAccessChange(draw))
  return changes
}

/** One change while a sync runs. */
export function drawLiveChange(draw: Draw): Change {
  if (draw.chance(0.6)) return { kind: 'messages', count: draw.of(1, 1, 2, 5) }
  return draw.chance(0.7) ? drawPlaceChange(draw) : drawAccessChange(draw)
}

function drawPlaceChange(draw: Draw): Change {
  const team = draw.between(0, 5)
  const channel = draw.between(0, 5)
  switch (draw.between(1, 11)) {
    case 1:
      return { kind: 'new_team' }
    case 2:
    case 3:
      return { kind: 'new_channel', team, membershipType: draw.of('standard', 'standard', 'private', 'shared') }
    case 4:
      return { kind: 'remove_team', team }
    case 5:
      return { kind: 'remove_channel', team, channel }
    case 6:
      return { kind: 'refuse_team', team }
    case 7:
      return { kind: 'refuse_channel', team, channel }
    case 8:
    case 9:
      return { kind: 'refuse_export', team }
    case 10:
      return { kind: 'restore_teams' }
    default:
      return { kind: 'allow_all' }
  }
}

const ROLES = [
  'ChannelMessage.Read.All',
  'ChannelMessage.Read.All',
  'Channel.ReadBasic.All',
  'TeamMember.Read.All',
  'ChannelMember.Read.All',
  'Team.ReadBasic.All',
] as const

function drawAccessChange(draw: Draw): Change {
  switch (draw.between(1, 4)) {
    case 1:
      return { kind: 'revoke_role', role: draw.of(...ROLES) }
    case 2:
      return { kind: 'grant_roles' }
    case 3:
      return { kind: 'expire_tokens' }
    default:
      return { kind: 'rotate_secret', late: draw.between(0, 1) }
  }
}
