import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunResult } from '../../pipeline/sync/types.ts'
import type { CliResult } from '../support/cli.ts'
import { startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'
import { mayMount, mountSmallDisk, type SmallDisk } from './support/small_disk.ts'

const LAUNCHER = fileURLToPath(new URL('../../bin/parley.js', import.meta.url))
/** Some 20 MB in the file; 5 MB of it whatever is in it. */
const generated = { teams: 2, channelsPerTeam: 2, messagesPerChannel: 150, bodyBytes: 30_000 }

let tenant: Tenant
beforeEach(async () => {
  tenant = await startTenant({ dataset: { generated } })
})
afterEach(() => tenant.close())

/** Runs the command behind another one, which gives it less room. Small units: some are stored before there is none. */
function sync(before: readonly string[], args: readonly string[] = []): Promise<CliResult> {
  const [command, ...rest] = [
    ...before,
    process.execPath,
    LAUNCHER,
    'sync',
    ...tenant.args,
    ...args,
    '--output',
    'json',
  ]
  const child = spawn(command!, rest, {
    env: { ...process.env, NO_COLOR: '1', PARLEY_RATE_SHARE: '100', PARLEY_UNIT_ROWS: '50' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (piece) => {
    text.stdout += piece
  })
  child.stderr.setEncoding('utf8').on('data', (piece) => {
    text.stderr += piece
  })
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, ...text })))
}

function expectWriteFailure({ code, stdout, stderr }: CliResult): void {
  expect(code, stderr + stdout).toBe(3)
  const { error } = JSON.parse(stdout)
  expect(error.code).toBe('PARLEY_WRITE_FAILED')
  // What happened, in the system's words, and what to do.
  expect(error.message).toMatch(/no space left|file too large|could not write/i)
  expect(error.remedy).toMatch(/free space/i)
}

/** The database opens, and holds a part of the truth, each message once. Answers how many are missing. */
async function expectPart(database: string, least: number): Promise<number> {
  const kept = await compareWithTruth(database, tenant.simulator)
  expect(kept, kept.examples.join('\n')).toMatchObject({ extra: 0, different: 0, doubled: 0 })
  expect(kept.rows).toBeGreaterThanOrEqual(least)
  expect(kept.missing).toBeGreaterThan(0)
  return kept.missing
}

async function expectTruth(database: string, run: CliResult, missing: number): Promise<void> {
  expect(run.code, run.stderr).toBe(0)
  expect(await compareWithTruth(database, tenant.simulator)).toMatchObject(equal)
  const { tables } = JSON.parse(run.stdout) as RunResult
  const messages = tables.filter(({ table }) => table.startsWith('message'))
  expect(messages.reduce((sum, table) => sum + table.inserted, 0)).toBe(missing)
}

describe('files that may not grow any more', () => {
  it('in the first sync: exit 3 with the code; whole units stay, and the next sync ends it', async () => {
    // As by a quota: no file above 10 MB, in blocks of 512 bytes.
    expectWriteFailure(await sync(['sh', '-c', 'ulimit -f 20000; exec "$0" "$@"']))
    const missing = await expectPart(tenant.database, 50)
    await expectTruth(tenant.database, await sync([]), missing)
  })
})

describe('status and log beside the database', () => {
  it('that cannot be written do not end a run', async () => {
    // Folders stand where the files would be.
    for (const name of ['run.ndjson', 'status.json']) {
      mkdirSync(join(`${tenant.database}.parley`, name), { recursive: true })
    }
    const run = await sync([])
    expect(run.code, run.stderr).toBe(0)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  })
})

const mounts = mayMount()

describe.skipIf(!mounts)('a disk that is full', () => {
  let disk: SmallDisk
  let copies = 0
  const syncThere = () => sync(disk.enter, ['--destination', `duckdb:${disk.folder}/lake.duckdb`])
  /** The database as it is on the disk, with its log if it has one. */
  const held = (): string => {
    const copy = join(tenant.folder, `copy-${++copies}`)
    disk.copyTo(copy)
    return join(copy, 'lake.duckdb')
  }
  afterEach(() => disk.close())

  it('in the first sync, and again: exit 3 with the code; nothing is lost or doubled when there is room', async () => {
    disk = await mountSmallDisk(12)
    expectWriteFailure(await syncThere())
    await expectPart(held(), 50)
    // Still full: as before, and no worse.
    expectWriteFailure(await syncThere())
    const missing = await expectPart(held(), 50)
    await disk.resize(200)
    const run = await syncThere()
    await expectTruth(held(), run, missing)
  })

  it('in a later sync: what was there stays as it was, and the changes come with the next one', async () => {
    disk = await mountSmallDisk(200)
    expect((await syncThere()).code).toBe(0)
    const before = (await compareWithTruth(held(), tenant.simulator)).rows
    for (let change = 0; change < 200; change++) tenant.simulator.mutate.newRoot()
    tenant.later()
    await disk.resize(disk.usedMebibytes() + 1)
    expectWriteFailure(await syncThere())
    const missing = await expectPart(held(), before)
    await disk.resize(200)
    const run = await syncThere()
    await expectTruth(held(), run, missing)
  })
})
