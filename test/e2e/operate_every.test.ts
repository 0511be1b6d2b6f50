import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunResult } from '../../pipeline/sync/types.ts'
import type { RunningCli } from '../support/cli.ts'
import { queryDatabase, withDatabase, writeConnection } from '../support/operate.ts'
import { changedRows, specText, startTenant, type Tenant } from '../support/tenant.ts'

let tenant: Tenant
let lines: string[]
let running: RunningCli | undefined
beforeEach(async () => {
  tenant = await startTenant({ dataset: { generated: { teams: 2, channelsPerTeam: 1, messagesPerChannel: 20 } } })
  lines = []
  running = undefined
})
afterEach(async () => {
  running?.child.kill('SIGKILL')
  await running?.ended
  await tenant.close()
})

function every(...extra: string[]): RunningCli {
  const args = ['--every', '10s', '--output', 'json', '--progress', 'plain', ...extra]
  running = tenant.start(args, { onLine: (line) => void lines.push(line) })
  return running
}

/** Resolves when so many lines have shown the text. */
async function shown(text: string, count = 1): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (lines.filter((line) => line.includes(text)).length >= count) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`Not shown: ${text}\n${lines.join('\n')}`)
}

/** Results and errors, one a line. */
const results = (stdout: string): (RunResult & { error?: { code: string } })[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const WAITING = 'the destination is free until then'

describe('sync --every', () => {
  it('runs again, leaves the file free in between, and ends at once with the signal', async () => {
    const { child, ended } = every()
    await shown(WAITING)
    // This is another process: it could not open the file while the sync held it.
    const before = await queryDatabase<{ n: number }>(tenant.database, 'SELECT count(*)::INTEGER AS n FROM parley.runs')
    expect(before).toEqual([{ n: 1 }])
    tenant.later()
    tenant.simulator.mutate.newRoot()
    tenant.later()
    await shown(WAITING, 2)
    const asked = performance.now()
    child.kill('SIGTERM')
    const { code, stdout, stderr } = await ended
    expect([code, performance.now() - asked < 2_000], stderr).toEqual([143, true])
    const [first, second] = results(stdout)
    expect([first!.status, second!.status, changedRows(second!)]).toEqual(['ok', 'ok', 1])
    expect(await queryDatabase(tenant.database, 'SELECT DISTINCT status FROM parley.runs')).toEqual([{ status: 'ok' }])
  })

  it('leaves a run out while somebody else holds the file', async () => {
    const { child, ended } = every()
    await shown(WAITING)
    await withDatabase(tenant.database, () => shown(`(PID ${process.pid})`))
    await shown('This run is left out.')
    await shown(WAITING, 3)
    child.kill('SIGINT')
    const { code, stdout } = await ended
    expect([code, results(stdout).map(({ status }) => status)]).toEqual([130, ['ok', 'ok']])
  })

  it('goes on after a run that failed because of the source', async () => {
    tenant.simulator.setFaults({ rules: [{ route: 'teams', fault: { kind: 'status', status: 500 } }] })
    writeConnection(tenant, { max_attempts: 1 })
    const { child, ended } = every()
    await shown('error PARLEY_SOURCE_UNAVAILABLE')
    await shown(WAITING)
    tenant.simulator.setFaults(null)
    await shown(WAITING, 2)
    child.kill('SIGTERM')
    const { code, stdout } = await ended
    const [failed, done] = results(stdout)
    expect([code, failed!.error?.code, done!.status]).toEqual([143, 'PARLEY_SOURCE_UNAVAILABLE', 'ok'])
  })

  it('ends with an error that would only come again', async () => {
    writeConnection(tenant, { client_secret: 'wrong' })
    const { code, stderr } = await every().ended
    expect([code, stderr]).toEqual([3, expect.stringContaining('error PARLEY_AUTH_INVALID_SECRET')])
    expect(stderr).not.toContain(WAITING)
  })

  it('warns of tables that are asked for without a range of dates, and only of them', async () => {
    tenant.writeSpec(specText({}, ['channels', 'messages']))
    const { child, ended } = every('--progress', 'none')
    await new Promise((resolve) => child.stdout!.once('data', resolve))
    child.kill('SIGTERM')
    await ended
    expect(lines.join('\n')).toBe('')
    const loud = every()
    await shown('PARLEY_POLLING_TOO_OFTEN')
    loud.child.kill('SIGTERM')
    await loud.ended
    const warning = lines.find((line) => line.includes('PARLEY_POLLING_TOO_OFTEN'))
    expect(warning).toMatch(/Every 10 s, channels would be asked for without a range of dates/)
  })
})
