import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listen } from '../unit/http/local_server.ts'

let folder: string
let server: Server

/** A process of its own, since Node reads NODE_EXTRA_CA_CERTS when it starts. Prints the status, or the error's code. */
const SCRIPT = `
import { createHttpClient } from '${new URL('../../libs/http/http_client.ts', import.meta.url)}'
import { fastRuntime } from '${new URL('../unit/http/fast_runtime.ts', import.meta.url)}'
const client = createHttpClient({ runtime: fastRuntime(), maxAttempts: 2 })
const result = await client.request({ method: 'GET', url: process.argv[2] }).catch((error) => error)
console.log(result.code ?? result.status)
await client.close()
`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-ca-'))
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-keyout', 'key.pem', '-out', 'ca.pem']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], {
    cwd: folder,
    stdio: 'pipe',
  })
  writeFileSync(join(folder, 'ask.ts'), SCRIPT)
  const read = (name: string) => readFileSync(join(folder, name))
  server = createServer({ key: read('key.pem'), cert: read('ca.pem') }, (_, response) => response.end('{}'))
  await listen(server)
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

function ask(env: NodeJS.ProcessEnv): Promise<string> {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [join(folder, 'ask.ts'), url], { env: { ...process.env, ...env } }, (error, stdout) =>
      error ? reject(error) : resolve(stdout.trim()),
    )
  })
}

it('a private authority is trusted by NODE_EXTRA_CA_CERTS, and nothing else is', async () => {
  expect(await ask({ NODE_EXTRA_CA_CERTS: '' })).toBe('PARLEY_CERTIFICATE')
  expect(await ask({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') })).toBe('200')
})
