/** How texts name users: `<@123>`, and `<@!123>` from older clients. */
export const USER_MENTIONS = /<@!?(\d+)>/g

/** Members of nested objects that hold ids and names of users. */
export const USER_KEYS = ['id', 'username', 'global_name', 'user_id', 'author_id', 'nick'] as const
