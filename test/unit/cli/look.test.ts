import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { microsoftTeams } from '../../../sources/microsoft_teams/index.ts'
import { type Child, launcher, parley, projectRoot, start } from './run_parley.ts'

/** The commands that look at a source, against its simulator, each as a real process. */
let cwd: string
let simulator: Child
let connection: Record<string, string>

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'parley-look-'))
  simulator = start([process.execPath, launcher, 'simulate', 'microsoft_teams', '--now', '2026-06-01T08:00:00Z'], {
    cwd,
  })
  await simulator.shown('until a signal ends it')
  connection = JSON.parse(simulator.peek().slice(0, simulator.peek().indexOf('}') + 1))
  await writeFile(join(cwd, 'connection.json'), JSON.stringify(connection), { mode: 0o600 })
  await writeFile(join(cwd, 'open.json'), JSON.stringify({ ...connection, client_secret: 'hunter2-hunter2' }), {
    mode: 0o644,
  })
  await writeFile(join(cwd, 'wrong.json'), JSON.stringify({ ...connection, client_secret: 'hunter2-hunter2' }), {
    mode: 0o600,
  })
})
afterAll(async () => {
  simulator.process.kill('SIGTERM')
  await simulator.ended
  await rm(cwd, { recursive: true })
})

const look = (...args: string[]) => parley([...args, '--connection', 'connection.json'], { cwd })
const mutate = (body: object) =>
  fetch(`${connection.graph_base_url}/_simulator/mutate`, { method: 'POST', body: JSON.stringify(body) })

describe('read', () => {
  test('ndjson: whole rows up to the limit, nothing on stderr', async () => {
    const { code, stdout, stderr } = await look('read', 'microsoft_teams', 'messages', '--limit', '7')
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect([code, rows.length, stderr]).toEqual([0, 7, ''])
    expect(rows[0]).toMatchObject({
      team_id: expect.any(String),
      channel_id: expect.any(String),
      createdDateTime: expect.stringMatching(/Z$/),
    })
  })

  test('without a limit every row, as the simulator counts them', async () => {
    const counts = (await (await fetch(`${connection.graph_base_url}/_simulator/truth?counts=true`)).json()) as {
      roots: number
    }
    const { stdout } = await look('read', 'microsoft_teams', 'messages')
    expect(stdout.trimEnd().split('\n')).toHaveLength(counts.roots)
  })

  test('arrow: a stream that Arrow reads, cut at the limit', async () => {
    const out = join(cwd, 'rows.arrow')
    const command = `"${process.execPath}" "${launcher}" read microsoft_teams message_replies --limit 60 --format arrow --connection connection.json > "${out}"`
    expect((await start(['/bin/sh', '-c', command], { cwd }).ended).code).toBe(0)
    const table = tableFromIPC(await readFile(out))
    expect([table.numRows, table.schema.fields.slice(0, 2).map((field) => field.name)]).toEqual([60, ['id', 'team_id']])
  })

  test('a reader that goes away ends it quietly', async () => {
    const command = `"${process.execPath}" "${launcher}" read microsoft_teams messages --connection connection.json | head -n 1`
    const { stdout, stderr } = await start(['/bin/sh', '-c', command], { cwd }).ended
    expect([stdout.trimEnd().split('\n').length, stderr]).toEqual([1, ''])
  })

  test('an option of the table', async () => {
    const teams = (await look('read', 'microsoft_teams', 'teams')).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id)
    const { stdout } = await look('read', 'microsoft_teams', 'channels', '--option', `team_id=${teams[1]}`)
    expect(
      new Set(
        stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line).team_id),
      ),
    ).toEqual(new Set([teams[1]]))
  })
})

test('read says which options do nothing', async () => {
  const { code, stderr } = await look('read', 'microsoft_teams', 'teams', '--option', 'top=5')
  expect([code, stderr]).toEqual([0, 'The page size is page_size; top does nothing.\n'])
})

describe('check', () => {
  test('every permission is there', async () => {
    const { code, stdout } = await look('check', 'microsoft_teams', '--output', 'json')
    const result = JSON.parse(stdout)
    expect([code, result.ok, result.permissions.every((one: { granted: boolean }) => one.granted)]).toEqual([
      0,
      true,
      true,
    ])
  })

  test('one that is missing is named, with exit code 3', async () => {
    await mutate({ kind: 'revoke_role', role: 'ChannelMessage.Read.All' })
    const { code, stdout } = await look('check', 'microsoft_teams')
    await mutate({ kind: 'grant_role', role: 'ChannelMessage.Read.All' })
    expect(code).toBe(3)
    expect(stdout).toMatch(/^messages\s+ChannelMessage\.Read\.All\s+missing/m)
    expect(stdout).toMatch(/^teams\s+\S+\s+granted/m)
  })

  test('a wrong secret is a configuration error, and stays secret', async () => {
    const { code, stdout, stderr } = await parley(
      ['check', 'microsoft_teams', '--connection', 'wrong.json', '--output', 'json'],
      { cwd },
    )
    expect([code, JSON.parse(stdout).error.code]).toEqual([3, 'PARLEY_AUTH_INVALID_SECRET'])
    expect(stdout + stderr).not.toContain('hunter2')
  })

  test('a connection file that everybody can read is a warning', async () => {
    const { stderr } = await parley(['check', 'microsoft_teams', '--connection', 'open.json'], { cwd })
    expect(stderr).toMatch(/^warning: PARLEY_CONNECTION_FILE_READABLE: open\.json:1: /)
  })
})

describe('sync and status', () => {
  test('a run leaves its status and its log beside the database', async () => {
    const synced = await look(
      'sync',
      '--source',
      'microsoft_teams',
      '--destination',
      'duckdb:a.duckdb',
      '--output',
      'json',
      '--progress',
      'json',
    )
    const result = JSON.parse(synced.stdout)
    expect([synced.code, result.status]).toEqual([0, 'ok'])
    expect(
      synced.stderr
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(expect.arrayContaining(['run_started', 'page', 'committed', 'run_finished']))
    expect(JSON.parse(await readFile(join(cwd, 'a.duckdb.parley/status.json'), 'utf8'))).toMatchObject({
      run_id: result.run_id,
      state: 'ok',
      requests: result.requests,
      bytes: result.bytes,
    })
    const shown = await parley(['status', '--destination', 'duckdb:a.duckdb', '--output', 'json'], { cwd })
    expect(JSON.parse(shown.stdout)).toMatchObject({
      running: null,
      runs: [{ run_id: result.run_id, status: 'ok' }],
      problems: [],
    })
  })

  test('a file that another process holds: status names it, sync --wait-lock waits for it and says so', async () => {
    const held = await DuckDBInstance.create(join(cwd, 'held.duckdb'))
    const here = ['--destination', 'duckdb:held.duckdb']
    const shown = await parley(['status', ...here], { cwd })
    expect([shown.code, shown.stderr]).toEqual([6, expect.stringContaining(`PID ${process.pid}`)])
    expect(shown.stderr).toContain('→ Close that program, or ask again when it has ended.')
    const flags = ['--wait-lock', '--tables', 'teams', '--connection', 'connection.json', '--progress', 'plain']
    const waiting = start([process.execPath, launcher, 'sync', '--source', 'microsoft_teams', ...flags, ...here], {
      cwd,
    })
    await waiting.shown('Waiting for it to end, for an hour at most.')
    held.closeSync()
    const { code, stderr } = await waiting.ended
    expect([code, stderr.split('Waiting').length]).toEqual([0, 2])
    expect(stderr).toContain(`PID ${process.pid}`)
  })

  test('the demo answers three questions; run again, nothing has changed', async () => {
    const demo = () => start([process.execPath, join(projectRoot, 'scripts/demo.ts')], { cwd }).ended
    const inserted = (text: string) =>
      [...text.matchAll(/^microsoft_teams\.\w+ +(\S+) +(\S+) +(\S+) +(\S+)/gm)]
        .flatMap((match) => match.slice(2, 5))
        .map((cell) => Number(cell.replace(',', '')))
    const first = await demo()
    const second = await demo()
    expect([first.code, second.code], first.stderr + second.stderr).toEqual([0, 0])
    expect(first.stdout.match(/\?( \(.*\))?\n\n(WITH|SELECT)/g)).toHaveLength(3)
    expect(Math.max(...inserted(first.stdout))).toBeGreaterThan(100)
    expect(inserted(second.stdout)).toEqual(microsoftTeams.tables.flatMap(() => [0, 0, 0]))
    const unchanged = '0 rows changed (the simulated clock stands still).'
    expect([first.stdout.includes(unchanged), second.stdout.includes(unchanged)]).toEqual([false, true])
    expect(first.stderr).not.toContain('The connection above')
    expect(second.stdout.slice(second.stdout.indexOf('How many'))).toBe(
      first.stdout.slice(first.stdout.indexOf('How many')),
    )
  })
})
