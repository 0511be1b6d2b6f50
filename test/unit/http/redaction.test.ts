import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor, REDACTED } from '../../../libs/http/redaction.ts'

const SECRET = 'p8Q~x+/=&y"z\\ü-secret'

describe('createRedactor', () => {
  it.each([
    ['as it is', SECRET],
    ['URL-encoded', encodeURIComponent(SECRET)],
    ['URL-encoded twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['URL-encoded in lower case', encodeURIComponent(SECRET).replace(/%../g, (hex) => hex.toLowerCase())],
    ['in a form', new URLSearchParams({ client_secret: SECRET }).toString()],
    ['in JSON', JSON.stringify({ client_secret: SECRET })],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64url', Buffer.from(SECRET).toString('base64url')],
    ['in a Basic header', `Basic ${Buffer.from(`my-client:${SECRET}`).toString('base64')}`],
    ['in base64 after two bytes', Buffer.from(`ab${SECRET}cd`).toString('base64')],
  ])('takes a secret out %s', (_, text) => {
    const clean = createRedactor([SECRET]).text(`before ${text} after`)
    expect(clean).toContain(REDACTED)
    expect(clean).toMatch(/^before .* after$/)
    expect(leaks(clean, SECRET)).toBe(false)
  })

  it('takes out any bearer token', () => {
    expect(createRedactor().text('authorization: Bearer eyJ0eXAi.OiJKV1Qi-x_y')).toBe(
      `authorization: Bearer ${REDACTED}`,
    )
  })

  it('takes out secrets learnt later, and keeps the newest', () => {
    const redactor = createRedactor(['fixed-secret'])
    for (let n = 0; n < 100; n++) redactor.add(`token-number-${n}-end`)
    expect(redactor.text('fixed-secret token-number-99-end')).toBe(`${REDACTED} ${REDACTED}`)
  })

  it('leaves nothing of a secret that contains another', () => {
    expect(createRedactor(['abcdef', 'abcdef-and-more']).text('abcdef-and-more')).toBe(REDACTED)
  })

  it('leaves other text alone', () => {
    expect(createRedactor([SECRET, '', 'ab']).text('abc is about nothing')).toBe('abc is about nothing')
  })

  it('finds any secret in base64 at any place', () => {
    const text = fc.string({ minLength: 8, maxLength: 40, unit: 'binary' })
    fc.assert(
      fc.property(text, fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (secret, before, after) => {
        const encoded = Buffer.from(`${before}${secret}${after}`).toString('base64')
        return createRedactor([secret]).text(encoded).includes(REDACTED)
      }),
    )
  })
})

/** True when a text still holds half of the secret in some form. */
function leaks(text: string, secret: string): boolean {
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]
  return forms.some((form) => text.includes(form.slice(0, Math.floor(form.length / 2))))
}
