import type { JsonObject } from '../../../../libs/connect/json.ts'
import type { Emoji, Guild, Role, Sticker } from '../model.ts'

const FEATURES = ['COMMUNITY', 'NEWS']

export function renderRole(role: Role): JsonObject {
  return {
    id: role.id,
    name: role.name,
    permissions: role.permissions.toString(),
    position: role.position,
    color: role.color,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: role.position > 2,
    managed: role.managed,
    mentionable: role.position % 2 === 1,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(role.botId === null ? {} : { tags: { bot_id: role.botId } }),
    // A key with null means true: the role of those who boost.
    ...(role.managed && role.botId === null ? { tags: { premium_subscriber: null } } : {}),
  }
}

export function renderEmoji(emoji: Emoji): JsonObject {
  return {
    id: emoji.id,
    name: emoji.name,
    roles: [],
    require_colons: true,
    managed: false,
    animated: emoji.animated,
    available: true,
  }
}

export function renderSticker(guild: Guild, sticker: Sticker): JsonObject {
  return {
    id: sticker.id,
    name: sticker.name,
    tags: 'wave',
    type: 2,
    format_type: 1,
    description: null,
    available: true,
    guild_id: guild.id,
  }
}

/** A guild of `/users/@me/guilds`. */
export function renderPartialGuild(guild: Guild, permissions: bigint, owner: boolean, counts: boolean): JsonObject {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    banner: null,
    owner,
    permissions: permissions.toString(),
    features: FEATURES,
    ...(counts ? countsOf(guild) : {}),
  }
}

/** A guild with its roles, emojis and stickers; channels and members have calls of their own. */
export function renderGuild(guild: Guild, counts: boolean): JsonObject {
  const system = guild.channels.find((channel) => channel.type === 0)?.id ?? null
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    description: `The people of ${guild.name}`,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: FEATURES,
    banner: null,
    owner_id: guild.ownerId,
    application_id: null,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: system,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 1,
    roles: guild.roles.map(renderRole),
    default_message_notifications: 1,
    mfa_level: 0,
    explicit_content_filter: 2,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 1,
    premium_subscription_count: 3,
    preferred_locale: 'en-US',
    rules_channel_id: system,
    safety_alerts_channel_id: null,
    public_updates_channel_id: system,
    premium_progress_bar_enabled: false,
    premium_progress_bar_enabled_user_updated_at: null,
    nsfw: false,
    nsfw_level: 0,
    emojis: guild.emojis.map(renderEmoji),
    stickers: guild.stickers.map((sticker) => renderSticker(guild, sticker)),
    incidents_data: null,
    ...(counts ? countsOf(guild) : {}),
  }
}

function countsOf(guild: Guild): JsonObject {
  return {
    approximate_member_count: guild.members.size,
    approximate_presence_count: Math.ceil(guild.members.size / 3),
  }
}
