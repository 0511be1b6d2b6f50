import { DEFAULT_ROLES } from '../../../sources/microsoft_teams/simulator/permissions.ts'
import type { Change } from './plan_types.ts'
import type { World } from './world.ts'

/** Does to the tenant what the change says; answers whether there was anything to do it to. */
export function applyChange(world: World, change: Change): boolean {
  // Two changes of one message are never of one moment: else nobody could tell which is later.
  world.simulator.clock.advance(1)
  const { mutate } = world.simulator
  switch (change.kind) {
    case 'messages':
      return times(world, change.count, () => mutate.random())
    case 'members':
      // Nobody new: whom messages mention is drawn from all that the tenant knows.
      return times(world, change.count, (n) =>
        n % 2 === 0 ? mutate.addMember({ displayName: `Member ${1 + ((n * 7) % 40)}` }) : mutate.removeMember(),
      )
    case 'new_team':
      mutate.newTeam()
      return true
    case 'restore_teams':
      for (const id of world.removedTeams) mutate.restoreTeam(id)
      world.removedTeams.clear()
      return true
    case 'allow_all':
      world.allowAll()
      return true
    case 'revoke_role':
      mutate.revokeRole(change.role)
      return true
    case 'grant_roles':
      for (const role of DEFAULT_ROLES) mutate.grantRole(role)
      return true
    case 'expire_tokens':
      mutate.expireTokens()
      return true
    case 'rotate_secret':
      world.rotateSecret(change.late)
      return true
    default:
      return applyPlaceChange(world, change)
  }
}

type PlaceChange = Extract<Change, { team: number }>

function applyPlaceChange(world: World, change: PlaceChange): boolean {
  const { mutate, truth } = world.simulator
  const teams = truth.teams()
  const team = teams[change.team % Math.max(1, teams.length)]
  if (team === undefined) return false
  if (change.kind === 'remove_channel' || change.kind === 'refuse_channel') {
    // The last channel stays: changes of messages need a place.
    if (team.channels.length < 2 && change.kind === 'remove_channel') return false
    const channel = team.channels[change.channel % Math.max(1, team.channels.length)]
    if (channel === undefined) return false
    if (change.kind === 'refuse_channel') mutate.refuseChannel(team.id, channel.id)
    else world.removeChannel(team.id, channel.id)
    return true
  }
  switch (change.kind) {
    case 'new_channel':
      mutate.newChannel({ team_id: team.id, membershipType: change.membershipType })
      break
    case 'remove_team':
      world.removeTeam(team.id)
      break
    case 'refuse_team':
      mutate.refuseTeam(team.id)
      break
    case 'refuse_export':
      mutate.refuseExport(team.id)
  }
  return true
}

/** Each at a moment of its own. What a small tenant has nothing for is left out. */
function times(world: World, count: number, act: (n: number) => unknown): boolean {
  let done = 0
  for (let n = 0; n < count; n++) {
    world.simulator.clock.advance(1)
    try {
      act(n)
      done++
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
  return done > 0
}
