import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fakeDatabricks } from '../../support/databricks.ts'
import { launcher, parley, start } from './run_parley.ts'

const SECRET = 'hunter2-hunter2-hunter2'
let cwd: string
let temporary: string
let cli: ReturnType<typeof fakeDatabricks>

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'parley-connection-'))
  const connection = { tenant_id: 't', client_id: 'c', client_secret: SECRET, max_attempts: 3 }
  await writeFile(join(cwd, 'teams.json'), JSON.stringify(connection), { mode: 0o600 })
  await writeFile(join(cwd, 'empty.json'), JSON.stringify({ tenant_id: 't', client_id: 'c' }), { mode: 0o600 })
})
afterAll(() => rm(cwd, { recursive: true }))

beforeEach(async () => {
  await rm(join(cwd, 'bin'), { recursive: true, force: true })
  cli = fakeDatabricks(join(cwd, 'bin'))
  temporary = join(cwd, 'tmp')
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary)
})

const apply = (env: Record<string, string> = {}, file = 'teams.json') =>
  parley(['connection', 'microsoft_teams', '--name', 'teams_prod', '--apply', '--connection', file], {
    cwd,
    env: { PATH: cli.path, TMPDIR: temporary, ...env },
  })

test('prints the request, or a script that holds no value', async () => {
  const printed = await parley(['connection', 'discord', '--name', 'mine'], { cwd })
  expect(JSON.parse(printed.stdout)).toMatchObject({ name: 'mine', options: { sourceName: 'discord' } })
  expect((await parley(['connection', 'discord', '--name', 'mine', '--json'], { cwd })).stdout).toBe(printed.stdout)
  const env = { PARLEY_DISCORD_BOT_TOKEN: SECRET }
  const { code, stdout, stderr } = await parley(['connection', 'discord', '--name', 'mine', '--shell'], { cwd, env })
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain('asked bot_token PARLEY_DISCORD_BOT_TOKEN -s')
  expect(stdout).not.toContain(SECRET)
})

test('--apply creates it; the secret goes by a file that only its owner reads, and that is gone', async () => {
  const { code, stdout, stderr } = await apply()
  expect([code, stdout, stderr]).toEqual([0, 'Connection teams_prod was created.\n', ''])
  expect(cli.body()).toMatchObject({
    name: 'teams_prod',
    connection_type: 'COMMUNITY',
    options: {
      sourceName: 'microsoft_teams',
      tenant_id: 't',
      client_id: 'c',
      client_secret: SECRET,
      max_attempts: '3',
    },
  })
  expect(cli.args()).toEqual(['connections', 'create', '--json', `@${cli.file()}`])
  expect([cli.mode(), existsSync(cli.file()), await readdir(temporary)]).toEqual(['-rw-------', false, []])
})

test('what the CLI says of a failure is told, without the secret', async () => {
  const { code, stdout, stderr } = await apply({ DATABRICKS_FAKE_ERROR: `Error: exists already: ${SECRET}` })
  expect([code, stdout]).toEqual([3, ''])
  expect(stderr).toContain('error PARLEY_DATABRICKS_CLI_FAILED: ')
  expect(stderr).toContain('it ended with 1: Error: exists already: [redacted]')
  expect(stderr).toContain('databricks auth login')
  expect(await readdir(temporary)).toEqual([])
})

test('without the CLI the error says what to do', async () => {
  const { code, stderr } = await apply({ PATH: join(cwd, 'nothing') })
  expect(code).toBe(3)
  expect(stderr).toContain('error PARLEY_DATABRICKS_CLI_MISSING: ')
  expect(stderr).toContain('--shell')
  expect(await readdir(temporary)).toEqual([])
})

test('credentials that cannot be right are not stored', async () => {
  const { code, stderr } = await apply({}, 'empty.json')
  expect([code, cli.wasRun()]).toEqual([3, false])
  expect(stderr).toContain('PARLEY_AUTH_NO_CREDENTIAL')
})

test('a signal ends the CLI, and no file stays', async () => {
  const args = ['connection', 'microsoft_teams', '--name', 'n', '--apply', '--connection', 'teams.json']
  const env = { PATH: cli.path, TMPDIR: temporary, DATABRICKS_FAKE_SLEEP: '60' }
  const child = start([process.execPath, launcher, ...args], { cwd, env })
  while (!cli.runs()) await new Promise((resolve) => setTimeout(resolve, 20))
  child.process.kill('SIGTERM')
  expect((await child.ended).code).toBe(143)
  expect(await readdir(temporary)).toEqual([])
})

test.each([
  [['connection', 'discord'], "Required option '--name <name>' not specified."],
  [['connection', 'discord', '--name', ' '], 'It names no connection.'],
  [['connection', 'discrod', '--name', 'x'], 'There is no source discrod.'],
  [
    ['connection', 'discord', '--name', 'x', '--json', '--shell'],
    "Option '--shell' cannot be used with option '--json'.",
  ],
  [
    ['connection', 'discord', '--name', 'x', '--apply', '--json'],
    "Option '--apply' cannot be used with option '--json'.",
  ],
])('%j is refused', async (args, said) => {
  const { code, stdout, stderr } = await parley(args, { cwd })
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(said)
})
