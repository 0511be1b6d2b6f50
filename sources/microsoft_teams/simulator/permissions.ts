/**
 * Application permissions per call, least first, as reference §5 lists them. Permissions that end in `.Group` are
 * resource-specific: they hold in a team that has installed the app, which no team here has, so they are named in the
 * refusal but never grant.
 */
export const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  groups: ['Group.ReadBasic.All', 'Group.Read.All', 'GroupMember.Read.All'],
  teams: ['Team.ReadBasic.All', 'TeamSettings.Read.All'],
  team: ['TeamSettings.Read.Group', 'Group.Read.All', 'Team.ReadBasic.All', 'TeamSettings.Read.All'],
  channels: ['ChannelSettings.Read.Group', 'Channel.ReadBasic.All', 'ChannelSettings.Read.All', 'Group.Read.All'],
  channel: ['ChannelSettings.Read.Group', 'Channel.ReadBasic.All', 'ChannelSettings.Read.All', 'Group.Read.All'],
  team_members: ['TeamMember.Read.Group', 'TeamMember.Read.All'],
  channel_members: ['ChannelMember.Read.Group', 'ChannelMember.Read.All'],
  channel_messages: ['ChannelMessage.Read.Group', 'ChannelMessage.Read.All', 'Group.Read.All'],
  message: ['ChannelMessage.Read.Group', 'ChannelMessage.Read.All', 'Group.Read.All'],
  replies: ['ChannelMessage.Read.Group', 'ChannelMessage.Read.All', 'Group.Read.All'],
  reply: ['ChannelMessage.Read.Group', 'ChannelMessage.Read.All', 'Group.Read.All'],
  delta: ['ChannelMessage.Read.Group', 'ChannelMessage.Read.All', 'Group.Read.All'],
  export: ['ChannelMessage.Read.All'],
}

/** The smallest set for all of these calls. */
export const DEFAULT_ROLES: readonly string[] = [
  'Team.ReadBasic.All',
  'Channel.ReadBasic.All',
  'TeamMember.Read.All',
  'ChannelMember.Read.All',
  'ChannelMessage.Read.All',
  'Group.ReadBasic.All',
]

export function isGranted(route: string, roles: readonly string[]): boolean {
  return (PERMISSIONS[route] ?? []).some((permission) => !permission.endsWith('.Group') && roles.includes(permission))
}
