/**
 * The forms in which a secret may leave: as it is, in JSON, in URLs and forms (both cases, also twice), and in base64 of
 * any text around it. Written apart from the redactor, which is what is tested with it.
 */
export function spellingsOf(secret: string): Map<string, string> {
  const url = encodeURIComponent(secret)
  const forms = new Map([
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON twice', JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)],
    ['in a URL', url],
    ['in a URL, lower case', url.replace(/%../g, (hex) => hex.toLowerCase())],
    ['in a URL, twice', encodeURIComponent(url)],
    ['in a form', new URLSearchParams([['', secret]]).toString().slice(1)],
    ['in hex', Buffer.from(secret).toString('hex')],
  ])
  for (const before of [0, 1, 2]) {
    // What does not depend on the bytes before and after: whole groups of three bytes.
    const bytes = Buffer.from(secret).subarray((3 - before) % 3)
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3))
    forms.set(`in base64 after ${before}`, whole.toString('base64'))
    forms.set(`in base64url after ${before}`, whole.toString('base64url'))
    forms.set(`in base64 after ${before}, in a URL`, encodeURIComponent(whole.toString('base64')))
  }
  return forms
}

/** Where bytes hold any form of a secret: names of the forms. */
export function findSecret(bytes: Buffer, secret: string): string[] {
  return [...spellingsOf(secret)].filter(([, form]) => bytes.includes(form)).map(([name]) => name)
}
