import type { Instant } from '../../../libs/connect/instant.ts'

/** Where a list goes on. Every token names its list, so that one cannot be used on another. */
export interface PageToken {
  list: string
  position: number
  issuedAt: Instant
  /** First-request options that live in the token (`$top`, `$expand` of channel messages). */
  top?: number
  expand?: boolean
  /** Makes two tokens for one place differ. */
  nonce?: number
}

/** Export tokens: base64 of `SkipValue=…#…`, as in the sample. */
export function exportToken(token: PageToken): string {
  const text = `SkipValue=${token.position}#TeamId=${token.list}#Issued=${token.issuedAt}#MailboxFolder=MailFolders/TeamChat${token.nonce ? `#Nonce=${token.nonce}` : ''}`
  return Buffer.from(text).toString('base64url')
}

export function readExportToken(text: string): PageToken | undefined {
  const match = /^SkipValue=(\d+)#TeamId=([^#]+)#Issued=(-?\d+)#/.exec(Buffer.from(text, 'base64url').toString('utf8'))
  return match ? { position: Number(match[1]), list: match[2]!, issuedAt: Number(match[3]) } : undefined
}

/** Channel list tokens: a JSON array with a token and a range, as in the sample; goes into the link percent-encoded. */
export function listToken(token: PageToken): string {
  const options = `${token.top ?? 0}${token.expand ? 'R' : ''}`
  const rid = `+RID:~${Buffer.from(token.list).toString('base64')}#RT:1#TRC:${token.position}#ISS:${token.issuedAt}#FPC:${options}#N:${token.nonce ?? 0}`
  return JSON.stringify([{ token: rid, range: { min: '05C1D79B33ADE4', max: '05C1D7A52F89EC' } }])
}

export function readListToken(text: string): PageToken | undefined {
  const match = /\+RID:~([^#]+)#RT:1#TRC:(\d+)#ISS:(-?\d+)#FPC:(\d+)(R?)#N:/.exec(text)
  if (!match) return undefined
  return {
    list: Buffer.from(match[1]!, 'base64').toString('utf8'),
    position: Number(match[2]),
    issuedAt: Number(match[3]),
    top: Number(match[4]),
    expand: match[5] === 'R',
  }
}

/** Tokens of the other lists: nothing is documented but that they are opaque. */
export function opaqueToken(token: PageToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url')
}

export function readOpaqueToken(text: string): PageToken | undefined {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<PageToken>
    return typeof token.list === 'string' && Number.isInteger(token.position) ? (token as PageToken) : undefined
  } catch {
    return undefined
  }
}
