import type { Instant } from '../../../../libs/connect/instant.ts'
import { CHANNEL, FLAG, MESSAGE } from '../codes.ts'
import type { Channel, Guild, Message, Reaction, User } from '../model.ts'
import { UNLISTABLE } from '../routes/reaction_routes.ts'
import type { NewMessage, World } from '../world.ts'
import { replyTo, UNKNOWN_TYPE } from './conversations_dataset.ts'
import { inventAttachment } from './seasoning.ts'
import { componentsMessage, pollMessage, richEmbed, snapshotOf } from './showcase_parts.ts'

const HOUR = 3_600_000

/** One message of every kind that a reader stumbles over, in the guild's first text channel, over the last day. */
export function addShowcase(world: World, guild: Guild, people: readonly User[], bot: User, end: Instant): void {
  const channel = guild.channels.find((other) => other.type === CHANNEL.TEXT)
  if (channel) new Showcase(world, channel, people, bot, end - 20 * HOUR).show()
}

class Showcase {
  #world: World
  #channel: Channel
  #people: readonly User[]
  #bot: User
  #at: Instant

  constructor(world: World, channel: Channel, people: readonly User[], bot: User, at: Instant) {
    this.#world = world
    this.#channel = channel
    this.#people = people
    this.#bot = bot
    this.#at = at
  }

  show(): void {
    this.#showReplies()
    this.#showForwards()
    this.#showContents()
    this.#showSystem()
    this.#showReactions()
  }

  #add(message: Partial<NewMessage> & { content: string }): Message {
    this.#at += 7 * 60_000 + 123
    const author = this.#people[Math.floor(this.#at / 1000) % this.#people.length]!
    return this.#world.addMessage(this.#channel, { at: this.#at, author, ...message })
  }

  /** To a message that is there, to one that is deleted, and one whose message nobody looked up. */
  #showReplies(): void {
    const first = this.#add({ content: 'Who takes the early ferry?' })
    const doomed = this.#add({ content: 'Never mind' })
    this.#add({ content: 'I do', type: MESSAGE.REPLY, reference: replyTo(first), extras: { mentions: [first.author] } })
    this.#add({ content: 'What was that?', type: MESSAGE.REPLY, reference: replyTo(doomed) })
    this.#add({ content: 'Later', type: MESSAGE.REPLY, reference: { ...replyTo(first), resolved: false } })
    this.#world.removeMessage(doomed)
    const { roles } = this.#channel.guild
    this.#add({ content: `<@&${roles[1]!.id}> meet at noon`, extras: { mentionRoles: [roles[1]!.id] } })
    this.#add({ content: '@everyone the pier is open', extras: { mentionEveryone: true } })
    this.#add({ content: `<@${this.#bot.id}> are you there?`, extras: { mentions: [this.#bot] } })
    this.#add({ content: 'I am', author: this.#bot })
  }

  /** A forward has the text only in its snapshot, and no author there. */
  #showForwards(): void {
    const origin = this.#add({ content: 'Storm warning for tonight' })
    this.#add({
      content: '',
      flags: FLAG.HAS_SNAPSHOT,
      reference: { ...replyTo(origin), type: 1, resolved: false },
      extras: { snapshot: snapshotOf(origin), snapshotAttachments: [inventAttachment(this.#world, origin.at, 1)] },
    })
    const crossposted = this.#add({ content: 'New tide tables are out', flags: FLAG.CROSSPOSTED })
    crossposted.pinnedAt = this.#at * 1000 + 90_000_211
    this.#channel.lastPinAt = crossposted.pinnedAt
    this.#add({
      content: '',
      type: MESSAGE.PINNED,
      reference: { ...replyTo(crossposted), resolved: false },
    })
  }

  #showContents(): void {
    const { stickers } = this.#channel.guild
    const corrected = this.#add({ content: 'The gate opens at 09:00' })
    corrected.editedAt = corrected.at * 1000 + 61_000_195
    this.#add({ content: '', extras: { stickers: [...stickers] } })
    this.#add({ content: '', extras: { poll: pollMessage(this.#people, this.#at) } })
    this.#add({
      content: '',
      author: this.#bot,
      flags: FLAG.COMPONENTS_V2,
      extras: { components: componentsMessage(), members: { application_id: this.#bot.id } },
    })
    this.#add({ content: '', author: this.#bot, extras: { embeds: [richEmbed()] } })
    this.#add({ content: 'Build 41 is green', author: webhook(this.#world, 'Harbour CI', this.#at) })
    const voice = this.#add({ content: '', flags: FLAG.VOICE_MESSAGE })
    const spoken = { duration_secs: 4.32, waveform: 'AAECBQkNExkfJCgqKSYhGxUPCgYDAQ==' }
    const id = this.#world.ids.next(voice.at)
    voice.extras = {
      attachments: [{ id, filename: 'voice-message.ogg', contentType: 'audio/ogg', size: 9120, more: spoken }],
    }
    this.#add({
      content: 'Line one\nline two\t\u{1F9ED} \u202Eright to left',
      extras: { members: { nonce: '1234' } },
    })
  }

  #showSystem(): void {
    const somebody = this.#people[0]!
    this.#add({ content: '', type: MESSAGE.USER_JOIN })
    this.#add({ content: '', type: MESSAGE.BOOST })
    this.#add({ content: 'Sea News', type: MESSAGE.FOLLOW_ADD })
    this.#add({ content: 'kept by a rule', type: MESSAGE.AUTO_MODERATION })
    this.#add({ content: 'a kind of message from next year', type: UNKNOWN_TYPE })
    this.#add({
      content: 'Pong!',
      author: this.#bot,
      type: MESSAGE.COMMAND,
      extras: {
        members: {
          application_id: this.#bot.id,
          interaction_metadata: {
            id: this.#world.ids.next(this.#at),
            type: 2,
            authorizing_integration_owners: { 0: this.#channel.guild.id },
          },
        },
      },
    })
    this.#add({ content: '', type: MESSAGE.POLL_RESULT, author: somebody })
  }

  /** Unicode, custom, deleted custom, one that cannot be listed, and super reactions beside normal ones. */
  #showReactions(): void {
    const { emojis } = this.#channel.guild
    const [one, two, three] = [0, 1, 2].map((index) => this.#people[index % this.#people.length]!)
    const reaction = (emoji: Partial<Reaction['emoji']>, normal: User[], burst: User[] = []): Reaction => ({
      emoji: { id: null, name: null, animated: false, ...emoji },
      normal,
      burst,
    })
    const message = this.#add({ content: 'Photos from the regatta' })
    message.reactions = [
      reaction({ name: '👍' }, [one!, this.#bot]),
      reaction({ ...emojis[1] }, [two!]),
      reaction({ id: this.#world.ids.next(this.#at), name: null }, [three!]),
      reaction({ name: UNLISTABLE }, [one!]),
      reaction({ name: '🔥' }, [one!], [two!]),
    ]
  }
}

/** The author of a webhook's messages: no user anywhere. */
export function webhook(world: World, name: string, at: Instant): User {
  const id = world.ids.next(at - 30 * 24 * HOUR)
  return { id, username: name, globalName: null, avatar: null, bot: true, webhook: true, hash: 3 }
}
