import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import type { Context } from '../context.ts'
import type { Attachment, Message } from '../model.ts'
import { mac } from '../render/view.ts'

/** No file is served larger than this, whatever its attachment says. */
const MAX_BYTES = 1024 * 1024

/** Files of attachments. The CDN asks for no token: who has a signed address that is still good has the file. */
export function cdnRoutes(context: Context): Route[] {
  const path = '/attachments/:channel/:attachment/:filename'
  return [
    { name: 'cdn', method: 'GET', pattern: path, handle: (exchange) => getFile(context, exchange, '') },
    {
      name: 'cdn',
      method: 'GET',
      pattern: `/proxy${path}`,
      handle: (exchange) => getFile(context, exchange, '/proxy'),
    },
  ]
}

function getFile(context: Context, exchange: Exchange, prefix: string): Reply {
  const { channel, attachment, filename } = exchange.params
  const path = `${prefix}/attachments/${channel}/${attachment}/${encodeURIComponent(filename!)}`
  if (!isSigned(context, exchange, path)) return gone()
  const place = context.world.channel(channel!)
  for (const { extras } of place?.messages ?? []) {
    const file = extras && findFile(extras, attachment!)
    if (file) return content(file)
  }
  return gone()
}

function isSigned(context: Context, exchange: Exchange, path: string): boolean {
  const ex = exchange.query.get('ex') ?? ''
  const is = exchange.query.get('is') ?? ''
  if (exchange.query.get('hm') !== mac(context.world.seed, path, ex, is)) return false
  return exchange.at < Number.parseInt(ex, 16) * 1000
}

function findFile(extras: NonNullable<Message['extras']>, id: string): Attachment | undefined {
  return [...(extras.attachments ?? []), ...(extras.snapshotAttachments ?? [])].find((file) => file.id === id)
}

function content(file: Attachment): Reply {
  const headers = { 'Content-Type': file.contentType ?? 'application/octet-stream' }
  return { status: 200, headers, body: Buffer.alloc(Math.min(MAX_BYTES, file.size), `${file.filename}\n`) }
}

function gone(): Reply {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8' }
  return { status: 404, headers, body: 'This content is no longer available.' }
}
