import { describe, expect, it } from 'vitest'
import { Anonymizer } from '../../../libs/anonymize/anonymizer.ts'
import { textCleaner } from '../../../libs/anonymize/text_cleaner.ts'
import type { TableDefinition } from '../../../libs/connect/table.ts'
import { RowEncoder } from '../../../libs/schema/index.ts'
import { channels } from '../../../sources/discord/tables/channels.ts'
import { guilds } from '../../../sources/discord/tables/guilds.ts'
import { members } from '../../../sources/discord/tables/members.ts'
import { messages } from '../../../sources/discord/tables/messages.ts'
import { PERSONS_IN_TEXT } from '../../../sources/discord/tables/persons.ts'
import { threads } from '../../../sources/discord/tables/threads.ts'
import { plainRows } from '../schema/plain_rows.ts'

const anonymizer = new Anonymizer('a key of enough characters')
const h = (text: string) => anonymizer.hash(text)
const ID = '80351110224678912'
const PICTURE = '8342729096ea3675442027381ff50dfe'
const CDN = 'https://cdn.discordapp.com'
const SAID = `ask <@${ID}>, ${CDN}/avatars/${ID}/${PICTURE}.png`
const HIDDEN = `ask <@${h(ID)}>, ${CDN}/avatars/${h(ID)}/${h(PICTURE)}.png`

const nelly = {
  id: ID,
  username: 'nelly',
  display_name: 'Nelly D',
  global_name: 'Nelly',
  discriminator: '1337',
  avatar: PICTURE,
  banner: `a_${PICTURE}`,
  bot: false,
  avatar_decoration_data: { asset: 'asset of nelly', sku_id: '1' },
  primary_guild: { tag: 'tag of nelly', badge: PICTURE, identity_guild_id: '2' },
  clan: { tag: 'tag of nelly' },
  collectibles: { nameplate: { asset: 'asset of nelly', label: '' } },
}
const hiddenNelly = {
  id: h(ID),
  username: h('nelly'),
  display_name: h('Nelly D'),
  global_name: h('Nelly'),
  discriminator: h('1337'),
  avatar: h(PICTURE),
  banner: h(`a_${PICTURE}`),
  bot: false,
}

function encode({ name: table, primaryKeys, schema }: TableDefinition, row: object): Record<string, unknown> {
  const encoder = new RowEncoder(schema, { table, primaryKeys, anonymizer })
  const added = Object.fromEntries(['guild_id', 'channel_id', 'user_id'].map((name) => [name, name]))
  expect(encoder.append({ id: '1', ...row }, added)).toBe(null)
  return plainRows(encoder.finish())[0]!
}
const json = (text: unknown) => JSON.parse(String(text))

describe('persons in a text of Discord', () => {
  const clean = textCleaner(PERSONS_IN_TEXT, anonymizer)

  it.each([
    [`<@${ID}> and <@!${ID}>`, `<@${h(ID)}> and <@!${h(ID)}>`],
    [`${CDN}/avatars/${ID}/${PICTURE}.png?size=64`, `${CDN}/avatars/${h(ID)}/${h(PICTURE)}.png?size=64`],
    [`${CDN}/banners/${ID}/a_${PICTURE}.gif`, `${CDN}/banners/${h(ID)}/${h(`a_${PICTURE}`)}.gif`],
    [
      `${CDN}/guilds/2909267986263572999/users/${ID}/avatars/${PICTURE}.png`,
      `${CDN}/guilds/2909267986263572999/users/${h(ID)}/avatars/${h(PICTURE)}.png`,
    ],
    [`https://discord.com/users/${ID}`, `https://discord.com/users/${h(ID)}`],
    [
      `https://images-ext-1.discordapp.net/external/Sig_1/%3Fsize%3D64/https/cdn.discordapp.com/avatars/${ID}/${PICTURE}.png`,
      `https://images-ext-1.discordapp.net/external/Sig_1/%3Fsize%3D64/https/cdn.discordapp.com/avatars/${h(ID)}/${h(PICTURE)}.png`,
    ],
    [
      `https://a.b/?url=https%3A%2F%2Fcdn.discordapp.com%2Favatars%2F${ID}%2F${PICTURE}.png`,
      `https://a.b/?url=https%3A%2F%2Fcdn.discordapp.com%2Favatars%2F${h(ID)}%2F${h(PICTURE)}.png`,
    ],
  ])('%s', (text, cleaned) => {
    expect(clean(text)).toBe(cleaned)
  })

  it.each([
    `<@&${ID}> <#${ID}> <:party:${ID}>`,
    `https://discord.com/channels/${ID}/${ID}/${ID}`,
    `${CDN}/icons/${ID}/${PICTURE}.png ${CDN}/emojis/${ID}.png ${CDN}/attachments/${ID}/${ID}/a.png`,
    `${CDN}/embed/avatars/0.png`,
    'https://stackoverflow.com/users/22656/jon-skeet',
  ])('nobody: %s', (text) => {
    expect(clean(text)).toBe(text)
  })
})

describe('persons in rows of Discord', () => {
  it('have the same hashes in every table, in JSON as in columns', () => {
    const { user, avatar, nick } = encode(members, { user: nelly, avatar: PICTURE, nick: 'Nell' })
    expect({ user, avatar, nick }).toMatchObject({
      user: {
        id: h(ID),
        username: h('nelly'),
        discriminator: h('1337'),
        avatar: h(PICTURE),
        banner: h(`a_${PICTURE}`),
      },
      avatar: h(PICTURE),
      nick: h('Nell'),
    })
    const { author, interaction_metadata } = encode(messages, {
      author: nelly,
      interaction_metadata: { type: 2, user: nelly, authorizing_integration_owners: { 0: '290926798', 1: ID } },
    })
    expect(author).toMatchObject({ id: h(ID), username: h('nelly'), discriminator: h('1337') })
    expect(json(interaction_metadata)).toEqual({
      type: 2,
      user: hiddenNelly,
      authorizing_integration_owners: { 0: '290926798', 1: h(ID) },
    })
  })

  it('are found in what a message forwards, composes, asks and answers', () => {
    const fields = (text: string) => [{ name: text, value: text, inline: null }]
    const composed = (text: string, icon_url: string) => ({
      title: text,
      description: text,
      footer: { text, icon_url },
      author: { name: text, url: text, icon_url },
      thumbnail: { url: icon_url },
      fields: fields(text),
    })
    const icon = (id: string, picture: string) => `${CDN}/avatars/${id}/${picture}.png`
    const said = composed(SAID, icon(ID, PICTURE))
    const hidden = composed(HIDDEN, icon(h(ID), h(PICTURE)))
    const row = encode(messages, {
      content: SAID,
      embeds: [said],
      message_snapshots: [{ message: { content: SAID, embeds: [said], mentions: [nelly] } }],
      components: [{ type: 10, content: SAID, accent_color: 7, custom_id: `for:${ID}` }],
      poll: { question: { text: SAID }, answers: [{ answer_id: 1, poll_media: { text: SAID } }] },
      application: { id: '5', name: 'Some bot', bot: nelly, owner: nelly },
    })
    expect(row).toMatchObject({ content: HIDDEN, embeds: [hidden], poll: { question: { text: HIDDEN } } })
    expect(json(row.message_snapshots)).toEqual([
      { message: { content: HIDDEN, embeds: [hidden], mentions: [hiddenNelly] } },
    ])
    expect(json(row.components)).toEqual([{ type: 10, content: HIDDEN, accent_color: 7 }])
    expect(json((row.poll as { answers: string }).answers)).toEqual([{ answer_id: 1, poll_media: { text: HIDDEN } }])
    expect(json(row.application)).toEqual({ id: '5', name: 'Some bot' })
    expect(JSON.stringify(row)).not.toMatch(new RegExp(`nelly|${ID}|${PICTURE}`))
  })

  it('are found in names and topics of places, and in who made a sticker, which is nobody itself', () => {
    expect(encode(channels, { name: 'help', topic: SAID })).toMatchObject({ name: 'help', topic: HIDDEN })
    expect(encode(threads, { name: SAID, owner_id: ID })).toMatchObject({ name: HIDDEN, owner_id: h(ID) })
    const { stickers } = encode(guilds, { stickers: [{ id: '5', name: 'wave', type: 2, user: nelly }] })
    expect(json(stickers)).toEqual([{ id: '5', name: 'wave', type: 2, user: hiddenNelly }])
  })

  it('are those whom an overwrite of permissions is for, unless it is for a role', () => {
    const { permission_overwrites } = encode(channels, {
      permission_overwrites: [
        { id: '99', type: 0 },
        { id: ID, type: 1 },
        { id: '98', type: '0' },
        { id: '97' },
        { id: ['96'], type: 0 },
      ],
    })
    expect(permission_overwrites).toMatchObject([
      { id: '99', type: 0 },
      { id: h(ID), type: 1 },
      { id: h('98') },
      { id: h('97') },
      { id: null, type: 0 },
    ])
  })
})
