import type { PersonalRule } from '../../../libs/schema/personal.ts'

/** How texts name users: `<@123>`, and `<@!123>` from older clients. */
const MENTION = /<@!?(\d+)>/g

// Addresses name users and their pictures, also inside another address, where a slash may be `%2F`:
// `/avatars/1/abc.png`, `/banners/1/abc.png`, `/guilds/2/users/1/avatars/abc.png`, `https://discord.com/users/1`.
// A server's banner has the address of a user's: both are hashed.
const SLASH = '(?:/|%2F)'
const PICTURES = `${SLASH}(?:avatars|banners|avatar-decorations)${SLASH}`
const OF_MEMBER = `${SLASH}users${SLASH}\\d+`
/** Goes before the patterns of ids, which are digits until then. */
const PICTURE = new RegExp(`(?:${PICTURES}\\d+${SLASH}|${OF_MEMBER}${PICTURES})(\\w+)`, 'gi')
const OF_PICTURE = new RegExp(`${PICTURES}(\\d+)${SLASH}`, 'gi')
/** As long as Discord's ids are: other sites count their users too. */
const PROFILE = new RegExp(`${SLASH}users${SLASH}(\\d{15,20})\\b`, 'gi')

/** Whom a text mentions, and addresses. Names in running text are what somebody wrote, and stay. */
export const PERSONS_IN_TEXT: PersonalRule = { inside: [MENTION, PICTURE, OF_PICTURE, PROFILE] }

/**
 * What JSON tells of users: hashed under the names that `user()` and `members` have hashed too, left out what those have
 * no column for. Nobody can tell whose an `id` is, so all are hashed.
 */
export const PERSONS_IN_JSON = {
  keys: [
    'id',
    'user_id',
    'author_id',
    'username',
    'global_name',
    'display_name',
    'nick',
    'discriminator',
    'avatar',
    'banner',
  ],
  omit: [
    'avatar_decoration',
    'avatar_decoration_data',
    'display_name_styles',
    'banner_color',
    'primary_guild',
    'clan',
    'collectibles',
    // What an application has named its buttons: some name the user that they are for.
    'custom_id',
  ],
  ...PERSONS_IN_TEXT,
} satisfies PersonalRule
