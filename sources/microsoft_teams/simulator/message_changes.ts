import type { Instant } from '../../../libs/connect/instant.ts'
import type { SimClock } from '../../../libs/simulator/clock.ts'
import type { Context } from './context.ts'
import { sentence } from './datasets/words.ts'
import type { Message, User } from './model.ts'
import type { ChangeTarget, MessageKey } from './mutation_types.ts'
import { REACTION_NAMES } from './render_message.ts'
import { keyOf, Targets } from './targets.ts'

const REACTIONS = Object.keys(REACTION_NAMES)

/**
 * Changes of messages. A change has its stamp at once and shows after its lateness, so that a reader who believes
 * in the newest stamp alone misses it.
 */
export class MessageChanges {
  #context: Context
  #clock: SimClock
  #targets: Targets
  /** When each late message will be there: nothing of it shows before it does. */
  #appears = new WeakMap<Message, Instant>()

  constructor(context: Context, clock: SimClock) {
    this.#context = context
    this.#clock = clock
    this.#targets = new Targets(context.tenant, context.random)
  }

  newRoot(target: ChangeTarget = {}): MessageKey {
    return this.#post(target, null)
  }

  newReply(target: ChangeTarget = {}): MessageKey {
    const root = this.#targets.message(
      target,
      (message) => message.author !== null && !message.root && !message.deleted,
    )
    return this.#post({ ...target, team_id: root.channel.team.id, channel_id: root.channel.id }, root.root ?? root)
  }

  edit(target: ChangeTarget = {}): MessageKey {
    const message = this.#targets.message(target, isLive)
    const text = target.text ?? `${sentence(this.#context.random)} (edited)`
    return this.#change(target, message, (at) => {
      // Of two edits the later stamp wins, whichever shows first.
      if (at >= message.edited) message.text = text
      message.edited = Math.max(message.edited, at)
    })
  }

  delete(target: ChangeTarget = {}): MessageKey {
    const message = this.#targets.message(target, isLive)
    return this.#change(target, message, (at) => {
      message.deleted = at
      message.reactions = null
    })
  }

  addReaction(target: ChangeTarget = {}): MessageKey {
    const message = this.#targets.message(target, isLive)
    const reaction = { type: this.#context.random.pick(REACTIONS), user: this.#anybody() }
    return this.#change(target, message, (at) => {
      if (!message.deleted) message.reactions = [...(message.reactions ?? []), { ...reaction, at }]
    })
  }

  removeReaction(target: ChangeTarget = {}): MessageKey {
    const message = this.#targets.message(target, (candidate) => isLive(candidate) && candidate.reactions !== null)
    return this.#change(target, message, () => {
      const rest = (message.reactions ?? []).slice(1)
      message.reactions = rest.length > 0 ? rest : null
    })
  }

  #post(target: ChangeTarget, root: Message | null): MessageKey {
    const { tenant, random } = this.#context
    const channel = this.#targets.channel(target)
    const at = target.at ?? this.#clock.now()
    const text = target.text ?? sentence(random)
    const message = tenant.addMessage(channel, { at, author: this.#anybody(), text, root, shown: false })
    const visibleAt = Math.max(this.#visibleAt(target, at), root ? (this.#appears.get(root) ?? 0) : 0)
    this.#appears.set(message, visibleAt)
    this.#later(visibleAt, () => tenant.show(message))
    return keyOf(message)
  }

  #change(target: ChangeTarget, message: Message, apply: (at: Instant) => void): MessageKey {
    const at = target.at ?? this.#clock.now()
    const visibleAt = Math.max(this.#visibleAt(target, at), this.#appears.get(message) ?? 0)
    this.#later(visibleAt, () =>
      this.#context.tenant.change(message, () => {
        apply(at)
        message.modified = Math.max(message.modified, at)
      }),
    )
    return keyOf(message)
  }

  #later(visibleAt: Instant, show: () => void): void {
    if (visibleAt > this.#clock.now()) this.#context.late.add(visibleAt, show)
    else show()
  }

  #visibleAt(target: ChangeTarget, at: Instant): Instant {
    const { lateVisibilityMs } = this.#context.settings
    const late =
      target.visible_after_ms ??
      (lateVisibilityMs > 0 ? Math.floor(this.#context.random.next() * (lateVisibilityMs + 1)) : 0)
    return at + late
  }

  #anybody(): User {
    return this.#context.random.pick(this.#context.tenant.users)
  }
}

function isLive(message: Message): boolean {
  return message.author !== null && !message.deleted
}
