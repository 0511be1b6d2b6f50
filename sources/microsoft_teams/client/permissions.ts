export interface LeastPermission {
  /** The least application permission that holds for the whole tenant. */
  permission: string
  /** The permission that an owner can consent to for one team or chat, where there is one. */
  resourceSpecific?: string
}

/**
 * The least application permission of each path; `*` stands for an id. Source: reference §5 (PERM, 2026-08). Where PERM
 * names a resource-specific one as the least, the least tenant-wide one is beside it.
 */
const LEAST: readonly (readonly [path: string, permission: string, resourceSpecific?: string])[] = [
  ['groups', 'Group.ReadBasic.All'],
  ['groups/delta', 'Group.ReadBasic.All'],
  ['teams', 'Team.ReadBasic.All'],
  ['teams/*', 'Team.ReadBasic.All', 'TeamSettings.Read.Group'],
  ['users/*/joinedTeams', 'Team.ReadBasic.All'],
  ['teams/*/channels', 'Channel.ReadBasic.All', 'ChannelSettings.Read.Group'],
  ['teams/*/channels/*', 'Channel.ReadBasic.All', 'ChannelSettings.Read.Group'],
  ['teams/*/allChannels', 'Channel.ReadBasic.All'],
  ['teams/*/members', 'TeamMember.Read.All', 'TeamMember.Read.Group'],
  ['teams/*/channels/*/members', 'ChannelMember.Read.All', 'ChannelMember.Read.Group'],
  ['teams/*/channels/*/messages', 'ChannelMessage.Read.All', 'ChannelMessage.Read.Group'],
  ['teams/*/channels/*/messages/delta', 'ChannelMessage.Read.All', 'ChannelMessage.Read.Group'],
  ['teams/*/channels/*/messages/*', 'ChannelMessage.Read.All', 'ChannelMessage.Read.Group'],
  ['teams/*/channels/*/messages/*/replies', 'ChannelMessage.Read.All', 'ChannelMessage.Read.Group'],
  ['teams/*/channels/*/messages/*/replies/*', 'ChannelMessage.Read.All', 'ChannelMessage.Read.Group'],
  ['teams/*/channels/*/messages/*/hostedContents', 'ChannelMessage.Read.All', 'ChannelMessage.Read.Group'],
  ['teams/*/channels/getAllMessages', 'ChannelMessage.Read.All'],
  ['teams/*/channels/getAllRetainedMessages', 'ChannelMessage.Read.All'],
  ['teams/*/channels/*/tabs', 'TeamsTab.Read.All', 'TeamsTab.Read.Group'],
  ['teams/*/channels/*/filesFolder', 'Files.Read.All'],
  ['teams/*/installedApps', 'TeamsAppInstallation.ReadForTeam.All', 'TeamsAppInstallation.Read.Group'],
  ['teamwork/deletedTeams/*/channels/getAllMessages', 'ChannelMessage.Read.All'],
  ['users', 'User.ReadBasic.All'],
  ['users/*/chats', 'Chat.ReadBasic.All'],
  ['users/*/chats/getAllMessages', 'Chat.Read.All'],
  ['users/*/chats/getAllMessages/delta', 'Chat.Read.All'],
  ['users/*/chats/getAllRetainedMessages', 'Chat.Read.All'],
  ['chats', 'Chat.ReadBasic.All'],
  ['chats/*/messages', 'Chat.Read.All', 'ChatMessage.Read.Chat'],
  ['chats/*/messages/*/hostedContents', 'Chat.Read.All', 'ChatMessage.Read.Chat'],
  ['chats/*/members', 'ChatMember.Read.All', 'ChatMember.Read.Chat'],
  ['chats/*/tabs', 'TeamsTab.Read.All'],
  ['chats/*/installedApps', 'TeamsAppInstallation.ReadForChat.All', 'TeamsAppInstallation.Read.Chat'],
  ['communications/callRecords', 'CallRecords.Read.All'],
  ['communications/callRecords/*', 'CallRecords.Read.All'],
  ['communications/callRecords/*/sessions', 'CallRecords.Read.All'],
]

/** The more literal row first: `channels/getAllMessages` also fits `channels/*`. */
const BY_LITERALS = LEAST.map(([path, permission, resourceSpecific]) => ({
  segments: path.toLowerCase().split('/'),
  least: { permission, ...(resourceSpecific === undefined ? {} : { resourceSpecific }) },
})).sort((a, b) => wildcards(a.segments) - wildcards(b.segments))

/** Looks a URL path up, with or without its version; `undefined` for a path that the table lacks. */
export function leastPermission(path: string): LeastPermission | undefined {
  const segments = path.toLowerCase().split('/').filter(Boolean)
  if (/^(v1\.0|beta)$/.test(segments[0] ?? '')) segments.shift()
  const plain = segments.flatMap(unfold)
  return BY_LITERALS.find((row) => fits(row.segments, plain))?.least
}

/** Links of Graph write keys in parentheses too: `teams('{id}')`. */
function unfold(segment: string): string[] {
  const [, name, key] = /^(\w+)\((.+)\)$/.exec(segment) ?? []
  return name === undefined || key === undefined ? [segment] : [name, key]
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part === '*' || part === path[index])
}

function wildcards(segments: readonly string[]): number {
  return segments.filter((segment) => segment === '*').length
}
