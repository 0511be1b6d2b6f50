import type { Instant } from '../../../../libs/connect/instant.ts'

interface Expected {
  clientId: string
  tenants: readonly string[]
  now: Instant
}

/**
 * Looks at a client assertion without its key: shape, algorithm, issuer, audience and time. Answers what is wrong,
 * or undefined. The signature is not checked: the simulator has no certificate store.
 */
export function checkAssertion(assertion: string, expected: Expected): string | undefined {
  const parts = assertion.split('.')
  if (parts.length !== 3 || parts[2] === '') return 'it is not a signed JWT'
  const [header, payload] = parts.slice(0, 2).map(readPart)
  if (!header || !payload) return 'it is not a signed JWT'
  if (typeof header.alg !== 'string' || header.alg === 'none') return 'it names no signature algorithm'
  if (payload.iss !== expected.clientId || payload.sub !== expected.clientId) return 'iss and sub must be the client ID'
  const audience = String(payload.aud ?? '').toLowerCase()
  if (!expected.tenants.some((tenant) => new RegExp(`/${tenant}/(oauth2/)?v2\\.0(/token)?/?$`).test(audience))) {
    return 'aud must be the token endpoint of the tenant'
  }
  if (typeof payload.exp !== 'number' || payload.exp * 1000 <= expected.now) return 'it has expired'
  return undefined
}

function readPart(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
