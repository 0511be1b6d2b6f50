import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bundle, sparkEnvironment } from './environment.ts'
import type { RoomsWorld } from './fixture/rooms_source.ts'

const environment = sparkEnvironment()
const folder = mkdtempSync(join(tmpdir(), 'parley-versions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const world: RoomsWorld = {
  now: 5000,
  rooms: ['hall', 'attic'],
  events: [1, 2, 3, 4].map((n) => ({
    room: n % 2 ? 'hall' : 'attic',
    id: String(n),
    at: n * 1000,
    text: 'x'.repeat(n),
  })),
}

const later: RoomsWorld = {
  now: 9000,
  rooms: [...world.rooms, 'cellar'],
  events: [
    ...world.events,
    { room: 'hall', id: '5', at: 6000, text: '' },
    { room: 'cellar', id: '6', at: 1, text: '' },
  ],
}

describe.skipIf(environment === null).each(environment?.others ?? [])(
  'the generated file on Spark $release',
  ({ release, packages }) => {
    it('reads batches, a stream that repeats nothing and goes on, and what describes the source', {
      timeout: 300_000,
    }, () => {
      const file = join(folder, '_generated_rooms_python_source.py')
      bundle('test/spark/fixture/rooms_source.ts', 'roomsSource', file)
      const world_file = join(folder, 'world.json')
      writeFileSync(world_file, JSON.stringify(world))
      const args = [
        join(import.meta.dirname, 'smoke.py'),
        file,
        join(folder, release),
        JSON.stringify({ world_file, api_key: 'k' }),
        JSON.stringify(later),
      ]
      const { status, stdout, stderr } = spawnSync(environment!.python, args, {
        encoding: 'utf8',
        env: { ...process.env, PYTHONPATH: packages },
        maxBuffer: 1 << 26,
      })
      expect(status, stderr.slice(-4000)).toBe(0)
      expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual({
        version: expect.stringContaining(release),
        batch: ['1', '2', '3', '4'],
        stream: ['1', '2', '3', '4'],
        later: ['1', '2', '3', '4', '5', '6'],
        marks: 2,
        tables: ['events', 'rooms'],
        connection: 'ok',
      })
    })
  },
)
