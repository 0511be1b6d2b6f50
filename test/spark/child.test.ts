import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleSource } from '../../pipeline/bundle/bundle_source.ts'
import type { RoomsWorld } from './fixture/rooms_source.ts'

const SECRET = 'k3y-that-must-not-show'
const ROOMS = { module: 'test/spark/fixture/rooms_source.ts', name: 'roomsSource' }
const EVENTS = [1, 2, 3, 4, 5].map((n) => ({ room: 'hall', id: String(n), at: n * 1000, text: 'x'.repeat(n) }))

describe('a child process that answers one request', () => {
  let folder: string
  let bundle: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-child-'))
    bundle = join(folder, 'rooms.mjs')
    await writeFile(bundle, (await bundleSource(ROOMS)).code)
    await world({ now: 9000, rooms: ['hall', 'cellar'], refused: ['cellar'], events: EVENTS })
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  const worldOptions = () => ({ world_file: join(folder, 'world.json'), api_key: SECRET })

  const world = (state: RoomsWorld): Promise<void> => writeFile(join(folder, 'world.json'), JSON.stringify(state))

  function start(request: object | string): ChildProcess {
    const child = spawn(process.execPath, [bundle])
    const options = worldOptions()
    child.stdin.write(typeof request === 'string' ? request : `${JSON.stringify({ v: 1, options, ...request })}\n`)
    return child
  }

  /** Stdin stays open, as Python keeps it. */
  async function ask(
    request: object | string,
  ): Promise<{ code: number; out: Buffer; errors: { [name: string]: unknown }[] }> {
    const child = start(request)
    const parts: Buffer[] = []
    child.stdout!.on('data', (part: Buffer) => parts.push(part))
    const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')])
    const errors = stderr.split('\n').filter(Boolean)
    return { code, out: Buffer.concat(parts), errors: errors.map((line) => JSON.parse(line)) }
  }

  const read = (room: string, since: number | null, until: number, refused = 'fail') =>
    ask({ op: 'read', table: 'events', windows: [{ partition: { id: room }, since, until }], refused })

  it('lists tables without credentials', async () => {
    const { code, out } = await ask({ op: 'tables', options: {} })
    expect(code).toBe(0)
    expect(JSON.parse(String(out))).toEqual({
      tables: [
        {
          name: 'events',
          primary_keys: ['room', 'id'],
          cursor_field: 'at',
          ingestion_type: 'cdc',
          windowed: true,
          description: 'What was said in rooms.',
        },
        {
          name: 'rooms',
          primary_keys: ['room'],
          cursor_field: null,
          ingestion_type: 'snapshot',
          windowed: false,
          description: 'Rooms.',
        },
      ],
    })
  })

  it('checks what the source says of its permissions', async () => {
    const { code, out } = await ask({ op: 'check' })
    expect(code).toBe(0)
    const granted = { permission: 'enter', granted: true }
    expect(JSON.parse(String(out))).toEqual({
      permissions: ['rooms', 'events'].map((table) => ({ table, ...granted })),
    })
  })

  it('answers a schema as a whole Arrow stream without rows', async () => {
    const { out } = await ask({ op: 'schema', table: 'events', options: {} })
    const table = tableFromIPC(out)
    expect(table.numRows).toBe(0)
    expect(table.schema.fields.map(({ name }) => name)).toEqual([
      'room',
      'id',
      'at',
      'text',
      'body',
      'marks',
      '_rescued_data',
    ])
    expect(table.schema.fields[2]!.metadata.get('comment')).toBe('Last change.')
  })

  it('plans with the ceiling and the partitions, and probes which refuse', async () => {
    const plan = await ask({ op: 'plan', table: 'events' })
    const partitions = [{ id: 'hall' }, { id: 'cellar' }]
    expect(JSON.parse(String(plan.out))).toEqual({
      until: 9000,
      complete: true,
      windowed: true,
      partitions,
      refused: {},
      asks_for_rows: false,
    })
    const probe = await ask({ op: 'probe', table: 'events', partitions, until: 9000 })
    expect(JSON.parse(String(probe.out)).refused).toMatchObject({ cellar: { code: 'PARLEY_ROOM_CLOSED', status: 403 } })
    expect(Object.keys(JSON.parse(String(probe.out)).refused)).toEqual(['cellar'])
  })

  it.each([
    [null, 9000, ['1', '2', '3', '4', '5']],
    [2000, 4000, ['2', '3']],
    [9000, 9000, []],
  ])('reads the window from %s to %s', async (since, until, ids) => {
    const { code, out } = await read('hall', since, until)
    expect(code).toBe(0)
    expect([...(tableFromIPC(out).getChild('id') ?? [])]).toEqual(ids)
  })

  it('fails with the code of a refusal, or reports it and goes on', async () => {
    const failed = await read('cellar', null, 9000)
    expect(failed.code).toBe(1)
    expect(failed.errors).toEqual([
      {
        code: 'PARLEY_ROOM_CLOSED',
        message: 'cellar: cellar is closed.',
        remedy: 'Open the room.',
        details: { partition: 'cellar', status: 403 },
      },
    ])
    const skipped = await read('cellar', null, 9000, 'skip')
    expect(skipped.code).toBe(0)
    expect(tableFromIPC(skipped.out).numRows).toBe(0)
    expect(skipped.errors).toMatchObject([{ type: 'partition_refused', code: 'PARLEY_ROOM_CLOSED' }, { type: 'whole' }])
  })

  it('brings what applying rows takes, and tells of refusals and listings, for who asks for it', async () => {
    const options = { parley_hashed: '["room", "text"]' }
    const windows = ['hall', 'cellar'].map((id) => ({ partition: { id }, since: null, until: 3500 }))
    const events = await ask({
      op: 'read',
      table: 'events',
      windows,
      refused: 'tell',
      options: { ...worldOptions(), ...options },
    })
    const lines = [...tableFromIPC(events.out).getChild('_parley')!].map((one) => one!.toJSON())
    expect(lines.map(({ kind, partition }) => `${kind} ${partition}`)).toEqual([
      'row hall',
      'row hall',
      'row hall',
      'refused cellar',
    ])
    expect(lines.map(({ order }) => order)).toEqual([0n, 1n, 2n, null])
    expect(new Set(lines.slice(0, 3).map(({ hash }) => hash)).size).toBe(3)
    expect(lines[3]).toMatchObject({ code: 'PARLEY_ROOM_CLOSED', remedy: 'Open the room.' })
    const listed = { parley_hashed: '["room"]' }
    const rooms = await ask({
      op: 'read',
      table: 'rooms',
      windows: windows.slice(0, 1),
      refused: 'tell',
      options: { ...worldOptions(), ...listed },
    })
    const marks = [...tableFromIPC(rooms.out).getChild('_parley')!].map((one) => one!.toJSON())
    expect(marks).toMatchObject([
      { kind: 'row', partition: 'hall', generation: 3500n },
      { kind: 'listed', partition: 'hall', generation: 3500n, pages: 1, narrowed: false },
    ])
  })

  it('checks a spec and fills in what it leaves out', async () => {
    const objects = [
      { table: { source_table: 'events', table_configuration: { scd_type: 'scd_type_2', lookback_ms: 5 } } },
    ]
    const { out } = await ask({ op: 'spec', spec: { connection_name: ' c ', objects } })
    expect(JSON.parse(String(out))).toMatchObject({
      connection_name: 'c',
      tables: [
        {
          name: 'events',
          destination: { catalog: null, schema: null, table: 'events' },
          scd_type: 'SCD_TYPE_2',
          primary_keys: ['room', 'id'],
          sequence_by: 'at',
          hashed: ['room', 'id', 'at', 'text', 'body', 'marks'],
          soft_delete: null,
          options: { lookback_ms: '5' },
        },
      ],
    })
    const wrong = await ask({
      op: 'spec',
      spec: { connection_name: 'c', objects: [{ table: { source_table: 'none' } }] },
    })
    expect(wrong.errors[0]).toMatchObject({ code: 'PARLEY_SPEC_INVALID' })
  })

  it.each([
    ['no JSON\n', 'PARLEY_SPARK_REQUEST_INVALID'],
    ['{"v":2}\n', 'PARLEY_SPARK_REQUEST_INVALID'],
    ['{"v":1,"op":"dance","options":{}}\n', 'PARLEY_SPARK_REQUEST_INVALID'],
    ['{"v":1,"op":"schema","table":"none","options":{}}\n', 'PARLEY_TABLE_UNKNOWN'],
    ['{"v":1,"op":"plan","table":"events","options":{}}\n', 'PARLEY_OPTION_MISSING'],
  ])('says what is wrong with %j', async (request, expected) => {
    const { code, errors } = await ask(request)
    expect(code).toBe(1)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatchObject({ code: expected })
  })

  it('keeps a secret out of an error that carries it', async () => {
    await world({ now: 1, rooms: [], events: [] })
    const request = { op: 'plan', table: 'events', options: { world_file: `/nowhere/${SECRET}`, api_key: SECRET } }
    const { errors } = await ask(request)
    expect(errors[0]).toMatchObject({ code: 'PARLEY_BUG' })
    expect(JSON.stringify(errors)).toContain('[redacted]')
    expect(JSON.stringify(errors)).not.toContain(SECRET)
    await world({ now: 9000, rooms: ['hall', 'cellar'], refused: ['cellar'], events: EVENTS })
  })

  it('ends when stdin closes, in the middle of an answer that nobody takes', async () => {
    const events = Array.from({ length: 60_000 }, (_, i) => ({
      room: 'hall',
      id: String(i),
      at: 1,
      text: 'y'.repeat(200),
    }))
    await world({ now: 9000, rooms: ['hall'], events })
    const windows = [{ partition: { id: 'hall' }, since: null, until: 9000 }]
    const child = start({ op: 'read', table: 'events', windows, refused: 'fail' })
    await once(child.stdout!, 'readable')
    child.stdin!.end()
    const [code] = await once(child, 'exit')
    expect(code).toBe(3)
    await world({ now: 9000, rooms: ['hall', 'cellar'], refused: ['cellar'], events: EVENTS })
  })

  it('ends with an error when the answer pipe breaks', async () => {
    const child = start({ op: 'schema', table: 'events' })
    child.stdout!.destroy()
    const [code] = await once(child, 'exit')
    expect(code).not.toBe(0)
  })

  it('is bundled to the same bytes every time', async () => {
    const again = Buffer.from((await bundleSource(ROOMS)).code)
    expect(Buffer.compare(again, await readFile(bundle))).toBe(0)
    expect(again.includes(import.meta.dirname), 'no path of this machine').toBe(false)
  })
})
