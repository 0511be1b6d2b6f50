import { hashText, mix } from '../../../libs/simulator/random.ts'
import type { User } from './model.ts'
import { DISCORD_EPOCH, type Snowflakes } from './snowflake.ts'

const DAY = 86_400_000

/** A user of a name; what else there is to it follows from the name. Accounts are some months to ten years old. */
export function inventUser(name: string, bot: boolean, seed: number, ids: Snowflakes): User {
  const hash = hashText(`user ${name}`, seed)
  return {
    id: ids.next(DISCORD_EPOCH + 60 * DAY + (hash % 3600) * DAY + (hash % DAY)),
    username: toUsername(name, hash),
    globalName: hash % 4 === 0 ? null : name.slice(0, 32),
    avatar: hash % 3 === 0 ? null : avatarOf(hash),
    bot,
    webhook: false,
    hash,
  }
}

/** Lower case, letters, digits, dots and underscores, as migrated names are. */
function toUsername(name: string, hash: number): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9._]/g, '')
  return plain.length >= 2 ? plain.slice(0, 32) : `user${hash}`
}

/** 32 hexadecimal digits. */
function avatarOf(hash: number): string {
  return [1, 2, 3, 4]
    .map((part) =>
      mix(hash + part)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')
}
