import { boolean, int32, int64, list, struct, text, timestamp } from '../../../libs/schema/index.ts'
import { PERSONS_IN_TEXT } from './persons.ts'

/** Bots compose these texts and addresses as they like: any may name a user. */
const written = () => text().personal(PERSONS_IN_TEXT)

/** Discord serves what lies behind these itself, by addresses that change from read to read (reference §6). */
const media = () =>
  struct({
    url: written().volatile(),
    proxy_url: written().volatile(),
    height: int32(),
    width: int32(),
    content_type: text(),
    description: written(),
    placeholder: text().volatile(),
    placeholder_version: int32().volatile(),
    flags: int32(),
  })

/** What a message shows of a link, or what a bot composed (reference §10). */
export const embed = () =>
  struct({
    type: text(),
    title: written(),
    url: written(),
    description: written(),
    timestamp: timestamp(),
    color: int32(),
    footer: struct({ text: written(), icon_url: written().volatile(), proxy_icon_url: written().volatile() }),
    image: media(),
    thumbnail: media(),
    video: media(),
    provider: struct({ name: written(), url: written() }),
    author: struct({
      name: written(),
      url: written(),
      icon_url: written().volatile(),
      proxy_icon_url: written().volatile(),
    }),
    fields: list(struct({ name: written(), value: written(), inline: boolean() })),
    flags: int64(),
  })
