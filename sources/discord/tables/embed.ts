import { boolean, int32, int64, list, struct, text, timestamp } from '../../../libs/schema/index.ts'
import { USER_MENTIONS } from './mentions.ts'

/** Discord serves what lies behind these itself, by addresses that change from read to read (reference §6). */
const media = () =>
  struct({
    url: text().volatile(),
    proxy_url: text().volatile(),
    height: int32(),
    width: int32(),
    content_type: text(),
    description: text(),
    placeholder: text().volatile(),
    placeholder_version: int32().volatile(),
    flags: int32(),
  })

/** What a message shows of a link, or what a bot composed (reference §10). */
export const embed = () =>
  struct({
    type: text(),
    title: text(),
    url: text(),
    description: text().personal({ inside: USER_MENTIONS }),
    timestamp: timestamp(),
    color: int32(),
    footer: struct({ text: text(), icon_url: text().volatile(), proxy_icon_url: text().volatile() }),
    image: media(),
    thumbnail: media(),
    video: media(),
    provider: struct({ name: text(), url: text() }),
    author: struct({ name: text(), url: text(), icon_url: text().volatile(), proxy_icon_url: text().volatile() }),
    fields: list(struct({ name: text(), value: text().personal({ inside: USER_MENTIONS }), inline: boolean() })),
    flags: int64(),
  })
