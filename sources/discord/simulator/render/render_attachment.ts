import type { JsonObject } from '../../../../libs/connect/json.ts'
import type { Attachment, Channel } from '../model.ts'
import type { View } from './view.ts'

/** A file and its addresses, which are signed anew at every read. */
export function renderAttachment(view: View, place: Channel, attachment: Attachment): JsonObject {
  const path = attachmentPath(place.id, attachment)
  return {
    id: attachment.id,
    filename: attachment.filename,
    size: attachment.size,
    url: view.file(path),
    proxy_url: view.file(`/proxy${path}`),
    ...(attachment.contentType === null ? {} : { content_type: attachment.contentType }),
    ...attachment.more,
  }
}

export function attachmentPath(channelId: string, attachment: Attachment): string {
  return `/attachments/${channelId}/${attachment.id}/${encodeURIComponent(attachment.filename)}`
}

/** Pictures get the address of a proxy, which is another one at every read. */
export function renderEmbed(view: View, embed: JsonObject): JsonObject {
  const rendered: JsonObject = { ...embed }
  for (const name of ['image', 'thumbnail', 'video']) {
    const media = embed[name] as JsonObject | undefined
    if (typeof media?.url === 'string') rendered[name] = { ...media, proxy_url: view.proxy(media.url) }
  }
  for (const name of ['footer', 'author']) {
    const part = embed[name] as JsonObject | undefined
    if (typeof part?.icon_url === 'string') rendered[name] = { ...part, proxy_icon_url: view.proxy(part.icon_url) }
  }
  return rendered
}
