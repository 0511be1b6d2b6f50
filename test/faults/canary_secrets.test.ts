import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTenant, type Tenant } from '../support/tenant.ts'
import { Canaries, tell } from './support/canaries.ts'
import { type Front, startFront } from './support/front.ts'

const SECRET = 'kAnary~1/+=&?%"\\ü ßecret-of-the-app'
const WRONG = 'kAnary~2/+=&?%"\\ü ßecret-that-is-wrong'
const generated = { teams: 2, channelsPerTeam: 2, messagesPerChannel: 40 }
const BASE = ['--source', 'microsoft_teams']

let tenant: Tenant
let front: Front
let canaries: Canaries

beforeEach(async () => {
  tenant = await startTenant({ dataset: { generated }, tokenSeconds: 3, credentials: { clientSecret: SECRET } })
  canaries = new Canaries(tenant)
  canaries.secrets.set('client_secret', SECRET).set('wrong client_secret', WRONG)
  // A service as careless as can be: whatever it was told, it tells in its errors, in every form.
  front = await startFront(tenant, {
    rewriteError: (text, request) => {
      const token = told(request.headers.authorization)
      return tell(text, [SECRET, token], `Bearer ${token}`)
    },
    headers: (request) =>
      told(request.headers.authorization) === '' ? {} : careless(told(request.headers.authorization)),
  })
})
afterEach(async () => {
  await front.close()
  await tenant.close()
})

const careless = (token: string) => ({ 'request-id': token, 'retry-after': `${token} later` })

function told(authorization: string | undefined): string {
  const token = authorization?.replace(/^Bearer /, '') ?? ''
  if (token !== '') canaries.secrets.set(`access token ${canaries.secrets.size}`, token)
  return token
}

function writeConnection(extra: Record<string, unknown> = {}): string {
  const file = join(tenant.folder, 'connection.json')
  const connection = { ...tenant.simulator.connection, ...front.connection, max_attempts: 2, ...extra }
  writeFileSync(file, JSON.stringify(connection), { mode: 0o600 })
  return file
}

const run = (what: string, args: readonly string[], env: Record<string, string> = {}) => canaries.run(what, args, env)

const VERBOSE = [
  ['--progress', 'json', '--output', 'json'],
  ['--progress', 'plain', '--output', 'text'],
]

describe('no output holds a secret', () => {
  it('when everything goes well', async () => {
    writeConnection()
    for (const flags of VERBOSE) await run(`sync ${flags}`, ['sync', ...tenant.args, ...flags])
    const connection = ['--connection', join(tenant.folder, 'connection.json')]
    await run('check', ['check', 'microsoft_teams', ...connection])
    await run('read', ['read', 'microsoft_teams', 'messages', '--limit', '5', ...connection])
    await run('status', ['status', '--destination', `duckdb:${tenant.database}`])
    await run('status json', ['status', '--destination', `duckdb:${tenant.database}`, '--output', 'json'])
    expect(canaries.codes).toEqual(canaries.codes.map(() => 0))
    expect(canaries.secrets.size).toBeGreaterThan(2)
    await canaries.expectNoLeak()
  })

  it('when a service tells it back in every error', async () => {
    writeConnection()
    await run('first sync', ['sync', ...tenant.args, ...VERBOSE[0]!])
    const team = tenant.simulator.truth.teams()[0]!.id
    tenant.simulator.mutate.refuseTeam(team)
    tenant.later()
    for (const flags of VERBOSE) await run(`a team refused ${flags}`, ['sync', ...tenant.args, ...flags])
    const faults = [
      { kind: 'status', status: 400 },
      { kind: 'status', status: 500 },
      { kind: 'token_expired' },
      { kind: 'throttle' },
      {
        kind: 'redirect',
        location: `https://elsewhere.test/${encodeURIComponent(SECRET)}?s=${encodeURIComponent(SECRET)}`,
      },
      { kind: 'malformed', body: `{"value": ${SECRET}` },
    ] as const
    for (const fault of faults) {
      const count = fault.kind === 'throttle' ? 2 : 1_000_000
      tenant.simulator.setFaults({ rules: [{ route: 'export', count, fault }] })
      tenant.later()
      await run(`export ${JSON.stringify(fault).slice(0, 60)}`, ['sync', ...tenant.args, ...VERBOSE[0]!])
    }
    tenant.simulator.setFaults({ rules: [{ route: 'teams', fault: { kind: 'status', status: 403 } }] })
    await run('teams 403', ['sync', ...tenant.args, ...VERBOSE[0]!])
    await run('check', ['check', 'microsoft_teams', '--connection', join(tenant.folder, 'connection.json')])
    await run('status', ['status', '--destination', `duckdb:${tenant.database}`, '--output', 'json'])
    // They were told, and were taken out: else this test would prove nothing.
    expect(canaries.outputs.filter(({ text }) => text.includes('[redacted]')).length).toBeGreaterThan(5)
    expect(canaries.outputs.filter(({ code }) => code !== 0).length).toBeGreaterThan(6)
    await canaries.expectNoLeak()
  })

  it('when it is wrong, rotated, misplaced or badly written', async () => {
    const file = writeConnection({ client_secret: WRONG })
    for (const flags of VERBOSE) await run(`wrong secret ${flags}`, ['sync', ...tenant.args, ...flags])
    await run('wrong secret, check', ['check', 'microsoft_teams', '--connection', file])
    await run('wrong secret, read', ['read', 'microsoft_teams', 'teams', '--connection', file])
    const misplaced: [string, Record<string, unknown>][] = [
      ['unknown option', { client_sekret: SECRET }],
      ['as another option', { max_attempts: SECRET }],
      ['as an origin', { graph_base_url: SECRET }],
      ['in an origin', { graph_base_url: `https://user:${encodeURIComponent(SECRET)}@graph.microsoft.com` }],
      ['as the tenant', { tenant_id: SECRET }],
      ['as a list', { client_secret: [SECRET] }],
      ['as a certificate', { client_secret: undefined, client_certificate: SECRET }],
    ]
    for (const [what, options] of misplaced) {
      writeConnection(options)
      await run(`misplaced ${what}`, ['sync', ...tenant.args, ...VERBOSE[0]!])
    }
    writeFileSync(file, `{"client_secret": ${JSON.stringify(SECRET)},, "tenant_id": }`, { mode: 0o600 })
    await run('broken JSON', ['sync', ...tenant.args, ...VERBOSE[0]!])
    const yaml = join(tenant.folder, 'connection.yaml')
    const asYaml = (value: string) => ['sync', ...tenant.args, '--connection', yaml, value, 'json']
    writeFileSync(yaml, `test:\n  client_secret: ${SECRET}\n   tenant_id: [\n`, { mode: 0o600 })
    await run('broken YAML', asYaml('--output'))
    expect(
      canaries.outputs.every(({ code }) => code === 2 || code === 3),
      JSON.stringify(canaries.outputs.map(({ what, code }) => [what, code])),
    ).toBe(true)
    await canaries.expectNoLeak()
  })

  it('when it comes from the environment', async () => {
    const connection = { ...tenant.simulator.connection, ...front.connection, client_secret: `$\{CANARY}` }
    const yaml = join(tenant.folder, 'connection.yaml')
    writeFileSync(yaml, JSON.stringify({ test: connection }), { mode: 0o600 })
    const args = ['sync', ...tenant.args, '--connection', yaml]
    for (const flags of VERBOSE) {
      await run(`right ${flags}`, [...args, ...flags], { CANARY: SECRET })
      await run(`wrong ${flags}`, [...args, ...flags], { CANARY: WRONG })
    }
    const env: Record<string, string> = { PARLEY_MICROSOFT_TEAMS_CLIENT_SECRET: WRONG }
    for (const [name, value] of Object.entries({ ...tenant.simulator.connection, ...front.connection })) {
      env[`PARLEY_MICROSOFT_TEAMS_${name.toUpperCase()}`] ??= value
    }
    await run(
      'options in the environment',
      ['sync', ...BASE, '--destination', `duckdb:${tenant.database}`, ...VERBOSE[0]!],
      env,
    )
    expect(canaries.codes).toEqual([0, 3, 0, 3, 3])
    await canaries.expectNoLeak()
  })

  it('a private key neither, line by line', async () => {
    const [key, certificate] = ['app.key', 'app.pem'].map((name) => join(tenant.folder, `connection-${name}`))
    const flags = `-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=app -keyout ${key} -out ${certificate}`
    execFileSync('openssl', ['req', ...flags.split(' ')], { stdio: 'pipe' })
    const pem = readFileSync(key!, 'utf8')
    const lines = pem.split('\n').filter((line) => line.length === 64)
    for (const [index, line] of lines.entries()) canaries.secrets.set(`line ${index} of the key`, line)
    const public_ = readFileSync(certificate!, 'utf8')
    writeConnection({ client_secret: undefined, client_certificate: pem + public_ })
    await run('right', ['sync', ...tenant.args, ...VERBOSE[0]!])
    expect(canaries.codes[0]).toBe(0)
    const broken = pem.replace(lines[3]!, 'x')
    for (const text of [pem, broken + public_, `${pem}garbage`, pem.replaceAll('-----', '----') + public_]) {
      writeConnection({ client_secret: undefined, client_certificate: text })
      await run('broken', ['sync', ...tenant.args, ...VERBOSE[0]!])
    }
    tenant.simulator.setFaults({ rules: [{ route: 'token', fault: { kind: 'status', status: 401 } }] })
    writeConnection({ client_secret: undefined, client_certificate: pem + public_ })
    await run('refused', ['sync', ...tenant.args, ...VERBOSE[0]!])
    expect(canaries.codes.slice(1)).toEqual([3, 3, 3, 3, 3])
    await canaries.expectNoLeak()
  })
})
