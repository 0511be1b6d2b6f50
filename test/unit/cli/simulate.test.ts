import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launcher, parley, start } from './run_parley.ts'

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'parley-simulate-'))
})
afterAll(() => rm(cwd, { recursive: true }))

/** Starts a simulator, waits for its connection, and answers both. */
async function simulate(...args: string[]) {
  const child = start([process.execPath, launcher, 'simulate', 'microsoft_teams', ...args], { cwd })
  await child.shown('until a signal ends it')
  const origin = child.peek().match(/http:\/\/127\.0\.0\.1:\d+/)![0]
  return { child, origin }
}

const truth = async (origin: string, what: string) => (await fetch(`${origin}/_simulator/truth?${what}`)).json()

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('serves until %s, then ends with %d; stdout is a connection file', async (signal, code) => {
  const { child, origin } = await simulate()
  expect(await truth(origin, 'counts=true')).toMatchObject({ teams: 3 })
  child.process.kill(signal)
  const ended = await child.ended
  expect(ended.code).toBe(code)
  expect(JSON.parse(ended.stdout)).toMatchObject({
    tenant_id: expect.any(String),
    client_secret: expect.any(String),
    graph_base_url: origin,
  })
})

test('--now makes the same data at every start', async () => {
  const digests: unknown[] = []
  for (const now of ['2026-06-01T08:00:00Z', '2026-06-01T08:00:00Z', '2026-06-02T08:00:00Z']) {
    const { child, origin } = await simulate('--now', now, '--size', '300')
    digests.push(await truth(origin, 'digest=true'))
    child.process.kill('SIGTERM')
    await child.ended
  }
  expect(digests[0]).toEqual(digests[1])
  expect(digests[0]).not.toEqual(digests[2])
})

test('--faults takes a plan from a file', async () => {
  await writeFile(join(cwd, 'plan.json'), '{"rules": [{"fault": {"kind": "status", "status": 503}}]}')
  const { child, origin } = await simulate('--faults', 'plan.json')
  const token = await fetch(`${origin}/x/oauth2/v2.0/token`, { method: 'POST' })
  expect(token.status).toBe(503)
  child.process.kill('SIGTERM')
  await child.ended
})

test.each([
  ['a size out of range', ['--size', '0'], /--size 0 is out of range/],
  ['a size below none', ['--size', '-1'], /--size -1 is no number of messages/],
  ['a size that is not whole', ['--size', '1.5'], /--size 1\.5 is no number of messages/],
  ['a folder', ['--size', '.'], /PARLEY_FILE_UNREADABLE: The file of conversations \. is a folder/],
  [
    'a file that is no gzip',
    ['--size', 'bad.gz'],
    /PARLEY_FILE_UNREADABLE: The file of conversations bad\.gz cannot be read/,
  ],
  [
    'a file of something else',
    ['--size', 'unknown.json'],
    /PARLEY_SIMULATOR_DATA_INVALID: unknown\.json:1: conversation /,
  ],
  [
    'a file that is not JSON',
    ['--size', 'bad.json'],
    /PARLEY_SIMULATOR_DATA_INVALID: bad\.json:1: the line is not JSON/,
  ],
  ['a file that is not there', ['--size', 'none.ndjson'], /PARLEY_FILE_UNREADABLE/],
  ['a plan that is not JSON', ['--faults', 'bad.json'], /The fault plan bad\.json is not JSON/],
  ['a plan with an unknown rule', ['--faults', 'unknown.json'], /PARLEY_SIMULATOR_PLAN_INVALID/],
  ['a time without a zone', ['--now', '2026-06-01T08:00:00'], /a time with a zone/],
])('%s is a usage error', async (_, args, stderr) => {
  await writeFile(join(cwd, 'bad.json'), '{')
  await writeFile(join(cwd, 'bad.gz'), 'plain')
  await writeFile(join(cwd, 'unknown.json'), '{"rules": [{"x": 1}]}')
  const ended = await parley(['simulate', 'microsoft_teams', ...args], { cwd })
  expect(ended.stderr).toMatch(stderr)
  expect(ended.code).toBe(2)
})

test('a port in use is a usage error', async () => {
  const { child, origin } = await simulate()
  const ended = await parley(['simulate', 'microsoft_teams', '--port', new URL(origin).port])
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error PARLEY_USAGE: Port \d+ is in use\./) })
  child.process.kill('SIGTERM')
  await child.ended
})
