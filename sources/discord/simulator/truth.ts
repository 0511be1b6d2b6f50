import { createHash } from 'node:crypto'
import { type JsonObject, stableStringify } from '../../../libs/connect/json.ts'
import { holdsMessages } from './channel_kinds.ts'
import { botViewer, type Context } from './context.ts'
import type { Channel, Guild, Message } from './model.ts'
import { renderAttachment } from './render/render_attachment.ts'
import { renderChannel } from './render/render_channel.ts'
import { renderEmoji, renderGuild, renderRole } from './render/render_guild.ts'
import { renderMessage } from './render/render_message.ts'
import { renderMember } from './render/render_user.ts'
import { truthView } from './render/view.ts'
import { pinsOf } from './routes/pin_routes.ts'
import { formatMicros } from './timestamps.ts'
import type {
  Truth,
  TruthAttachment,
  TruthCounts,
  TruthFilter,
  TruthMessage,
  TruthPin,
  TruthReaction,
  TruthRow,
} from './truth_types.ts'
import type { LoadReport } from './types.ts'
import type { Gone } from './world.ts'

/** What the API would show now, for comparison with what somebody has read. */
export class WorldTruth implements Truth {
  readonly loaded: LoadReport
  #context: Context

  constructor(context: Context, loaded: LoadReport) {
    this.#context = context
    this.loaded = loaded
  }

  get gone(): Gone {
    return this.#context.world.gone
  }

  *guilds(filter: TruthFilter = {}): Generator<{ id: string; json: JsonObject }> {
    for (const guild of this.#guilds(filter)) yield { id: guild.id, json: renderGuild(guild, false) }
  }

  *channels(filter: TruthFilter = {}): Generator<TruthRow> {
    for (const channel of this.#places(filter)) if (!channel.thread) yield rowOf(channel)
  }

  *threads(filter: TruthFilter = {}): Generator<TruthRow> {
    for (const channel of this.#places(filter)) if (channel.thread) yield rowOf(channel)
  }

  *roles(filter: TruthFilter = {}): Generator<TruthRow> {
    for (const guild of this.#guilds(filter))
      for (const role of guild.roles) yield { guild_id: guild.id, id: role.id, json: renderRole(role) }
  }

  *members(filter: TruthFilter = {}): Generator<TruthRow> {
    for (const guild of this.#guilds(filter))
      for (const member of guild.members.byId())
        yield { guild_id: guild.id, id: member.user.id, json: renderMember(guild, member) }
  }

  *emojis(filter: TruthFilter = {}): Generator<TruthRow> {
    for (const guild of this.#guilds(filter))
      for (const emoji of guild.emojis) yield { guild_id: guild.id, id: emoji.id, json: renderEmoji(emoji) }
  }

  *messages(filter: TruthFilter = {}): Generator<TruthMessage> {
    yield* this.#rendered(filter, this.#context.server().origin)
  }

  message({ channel_id, id }: { channel_id: string; id: string }): JsonObject | undefined {
    const { world } = this.#context
    const place = world.channel(channel_id)
    const message = place && world.message(place, id)
    return message && renderMessage(truthView(this.#context, this.#context.server().origin), message)
  }

  *reactions(filter: TruthFilter = {}): Generator<TruthReaction> {
    for (const message of this.#raw(filter)) {
      for (const { emoji, normal, burst } of message.reactions ?? []) {
        for (const user of [...normal, ...burst]) {
          yield {
            ...keysOf(message),
            emoji_id: emoji.id,
            emoji_name: emoji.name,
            burst: !normal.includes(user),
            user_id: user.id,
          }
        }
      }
    }
  }

  *attachments(filter: TruthFilter = {}): Generator<TruthAttachment> {
    const view = truthView(this.#context, this.#context.server().origin)
    for (const message of this.#raw(filter))
      for (const attachment of message.extras?.attachments ?? [])
        yield {
          ...keysOf(message),
          id: attachment.id,
          json: renderAttachment(view, message.place, attachment),
        }
  }

  *pins(filter: TruthFilter = {}): Generator<TruthPin> {
    for (const place of this.#readable(filter))
      for (const message of pinsOf(place)) yield { ...keysOf(message), pinned_at: formatMicros(message.pinnedAt) }
  }

  counts(): TruthCounts {
    const { world } = this.#context
    const counts: TruthCounts = {
      guilds: world.guilds.length,
      channels: sum(world.guilds, ({ channels }) => channels.length),
      threads: sum(world.guilds, ({ threads }) => threads.length),
      archivedThreads: sum(world.guilds, ({ threads }) => threads.filter(({ thread }) => thread!.archived).length),
      messages: 0,
      replies: 0,
      edited: 0,
      reactions: 0,
      attachments: 0,
      pins: 0,
      members: sum(world.guilds, ({ members }) => members.size),
      roles: sum(world.guilds, ({ roles }) => roles.length),
      emojis: sum(world.guilds, ({ emojis }) => emojis.length),
      users: world.users.length,
      deletedMessages: world.gone.messages.length,
    }
    for (const message of this.#raw({})) {
      counts.messages++
      if (message.type === 19) counts.replies++
      if (message.editedAt !== 0) counts.edited++
      if (message.pinnedAt !== 0) counts.pins++
      counts.reactions += sum(message.reactions ?? [], ({ normal, burst }) => normal.length + burst.length)
      counts.attachments += message.extras?.attachments?.length ?? 0
    }
    return counts
  }

  /** Sum of the rows' hashes modulo 2^64: the order of the rows does not matter. */
  digest(filter: TruthFilter = {}): string {
    let total = 0n
    for (const row of this.#rendered(filter, 'https://cdn.discordapp.com')) {
      const hash = createHash('sha256')
        .update(stableStringify({ ...row }))
        .digest()
      total = BigInt.asUintN(64, total + hash.readBigUInt64BE(0))
    }
    return total.toString(16).padStart(16, '0')
  }

  *#rendered(filter: TruthFilter, origin: string): Generator<TruthMessage> {
    const view = truthView(this.#context, origin)
    for (const message of this.#raw(filter))
      yield {
        guild_id: message.place.guild.id,
        channel_id: message.place.id,
        id: message.id,
        json: renderMessage(view, message),
      }
  }

  *#raw(filter: TruthFilter): Generator<Message> {
    for (const place of this.#readable(filter)) yield* place.messages
  }

  *#readable(filter: TruthFilter): Generator<Channel> {
    for (const place of this.#places(filter)) {
      if (!holdsMessages(place)) continue
      const viewer = botViewer(this.#context, place.guild)
      if (filter.rights !== 'visible' || (viewer.enters(place) && viewer.readsHistory(place))) yield place
    }
  }

  *#places(filter: TruthFilter): Generator<Channel> {
    for (const guild of this.#guilds(filter)) {
      const viewer = botViewer(this.#context, guild)
      for (const channel of [...guild.channels, ...guild.threads]) {
        if (filter.channel_id !== undefined && channel.id !== filter.channel_id) continue
        if (filter.rights !== 'visible' || viewer.sees(channel)) yield channel
      }
    }
  }

  #guilds({ guild_id, rights }: TruthFilter): Guild[] {
    const { world, access } = this.#context
    return world.guilds.filter(
      (guild) =>
        (guild_id === undefined || guild.id === guild_id) && (rights !== 'visible' || guild.members.has(access.bot.id)),
    )
  }
}

function rowOf(channel: Channel): TruthRow {
  return { guild_id: channel.guild.id, id: channel.id, json: renderChannel(channel) }
}

function keysOf({ place, id }: Message): { guild_id: string; channel_id: string; message_id: string } {
  return { guild_id: place.guild.id, channel_id: place.id, message_id: id }
}

function sum<T>(things: readonly T[], of: (thing: T) => number): number {
  return things.reduce((total, thing) => total + of(thing), 0)
}
