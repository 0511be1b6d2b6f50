import { mix } from '../../../libs/simulator/random.ts'
import type { Message, User } from './model.ts'
import { REACTION_NAMES } from './render_message.ts'

const REACTIONS = Object.keys(REACTION_NAMES)

/**
 * Gives a loaded message a past: some were edited, some have reactions, a few were deleted. It follows from the
 * message's hash. Call before the message is shown; times never pass `latest`.
 */
export function seasonMessage(message: Message, people: readonly User[], latest: number): void {
  if (!message.author) return
  const draw = mix(message.hash + 7)
  const later = (salt: number): number => Math.min(latest, message.id + 1 + (mix(draw + salt) % 3_600_000))
  if (draw % 31 === 0) {
    message.edited = later(1)
    message.modified = message.edited
    message.text = `${message.text} (edited)`
  }
  if (draw % 11 === 0 && people.length > 0) {
    message.reactions = Array.from({ length: 1 + (draw % 3) }, (_, index) => ({
      type: REACTIONS[mix(draw + index) % REACTIONS.length]!,
      user: people[mix(draw + 100 + index) % people.length]!,
      at: later(10 + index),
    }))
    message.modified = Math.max(message.modified, ...message.reactions.map((reaction) => reaction.at))
  }
  if (draw % 97 === 0) {
    message.deleted = Math.max(message.modified, later(2))
    message.modified = message.deleted
    message.reactions = null
  }
}
