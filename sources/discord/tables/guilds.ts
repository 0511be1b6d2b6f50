import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, int32, json, list, struct, text } from '../../../libs/schema/index.ts'
import { PERSONS_IN_JSON } from './persons.ts'

/** Guilds that the bot is a member of (reference §10). */
export const guilds = defineTable({
  name: 'guilds',
  description: 'Servers that the bot is a member of.',
  primaryKeys: ['id'],
  ingestionType: 'snapshot',
  schema: struct({
    id: text().required().describe('Snowflake.'),
    name: text(),
    description: text(),
    icon: text(),
    splash: text(),
    discovery_splash: text(),
    banner: text(),
    owner_id: text().personal(),
    application_id: text(),
    features: list(text()).describe('Open set of words such as COMMUNITY.'),
    region: text(),
    afk_channel_id: text(),
    afk_timeout: int32(),
    system_channel_id: text(),
    system_channel_flags: int32(),
    rules_channel_id: text(),
    public_updates_channel_id: text(),
    safety_alerts_channel_id: text(),
    widget_enabled: boolean(),
    widget_channel_id: text(),
    verification_level: int32(),
    default_message_notifications: int32(),
    mfa_level: int32(),
    explicit_content_filter: int32(),
    max_members: int32(),
    max_presences: int32(),
    max_video_channel_users: int32(),
    max_stage_video_channel_users: int32(),
    vanity_url_code: text(),
    premium_tier: int32(),
    premium_subscription_count: int32(),
    premium_progress_bar_enabled: boolean(),
    preferred_locale: text(),
    nsfw_level: int32(),
    stickers: json()
      // A sticker of a server says type 2, and is no person.
      .personal({ ...PERSONS_IN_JSON, unless: { type: 2 } })
      .describe('Custom stickers, as JSON.'),
    incidents_data: json().describe('Raids that were reported, as JSON.'),
  }),
})
