import { execFileSync } from 'node:child_process'
import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../sources/microsoft_teams/client/certificate.ts'
import { CALL, startGraph } from './graph_server.ts'

let folder: string
let key: string
let certificate: string
let otherKey: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-certificate-'))
  const make = (name: string) =>
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-subj',
        `/CN=${name}`,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.pem`,
      ],
      { cwd: folder, stdio: 'pipe' },
    )
  make('app')
  make('other')
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  key = read('app.key')
  certificate = read('app.pem')
  otherKey = read('other.key')
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('parseCertificate', () => {
  it('takes key and certificate in any order, also with written line ends', () => {
    const fingerprint = new X509Certificate(certificate).fingerprint256.replaceAll(':', '')
    for (const text of [key + certificate, certificate + key, (certificate + key).replaceAll('\n', '\\n')]) {
      expect(parseCertificate(text).thumbprintSha256).toBe(fingerprint)
    }
  })

  it('says what is missing, and never quotes the text', () => {
    const broken = key.replace(/[A-Za-z0-9+/]{64}/, 'x')
    for (const text of ['', key, certificate, certificate + otherKey, certificate + broken]) {
      let error: Error & { code?: string } = new Error('parsed')
      try {
        parseCertificate(text)
      } catch (caught) {
        error = caught as Error
      }
      expect(error.code).toBe('PARLEY_CERTIFICATE_UNUSABLE')
      expect(error.message).not.toMatch(/[A-Za-z0-9+/]{40}/)
    }
  })
})

describe('a connection with a certificate', () => {
  it('signs an assertion for the token endpoint in place of a secret', async () => {
    await using graph = await startGraph({ options: { client_certificate: certificate + key, client_secret: '' } })
    await graph.client.get(['teams'], {}, CALL)
    const form = Object.fromEntries(new URLSearchParams(graph.tokens()[0]!.body))
    expect(form.client_secret).toBeUndefined()
    expect(form.client_assertion_type).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    const [header, payload, signature] = form.client_assertion!.split('.') as [string, string, string]
    const head = JSON.parse(Buffer.from(header, 'base64url').toString())
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    expect(head).toMatchObject({ alg: 'PS256' })
    const der = new X509Certificate(certificate).raw
    expect(head['x5t#S256']).toBe(createHash('sha256').update(der).digest('base64url'))
    const application = '61f3d9a6-6f0e-4d1b-8f2c-0f0a5b1a2c3d'
    expect(claims).toMatchObject({ iss: application, sub: application })
    expect(claims.aud).toBe(`${graph.server.origin}/2432b57b-0abd-43db-aa7b-16eadd115d34/oauth2/v2.0/token`)
    const pss = { key: createPublicKey(certificate), padding: 6, saltLength: 32 }
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), pss, Buffer.from(signature, 'base64url'))).toBe(true)
  })
})
