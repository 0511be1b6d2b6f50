import { describe, expect, test } from 'vitest'
import type { Io } from '../../../pipeline/cli/io.ts'
import { main } from '../../../pipeline/cli/main.ts'

/** Runs a command in this process: what is tested here is refused before anything is opened. */
async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const io: Io = {
    env: {},
    cwd: '/nowhere',
    terminal: { isTTY: false, columns: () => 80 },
    resultIsSeen: false,
    print: async (text) => {
      stdout += text
      return true
    },
    log: (text) => {
      stderr += text
    },
    ask: async () => null,
  }
  return { code: await main(args, io), stdout, stderr }
}

describe('a flag that a variable left empty is a usage error', () => {
  test.each([
    ['sync', '--source', 'microsoft_teams'],
    ['state', 'show'],
    ['state', 'reset', '--yes'],
    ['quarantine', 'list'],
    ['quarantine', 'replay', '--source', 'microsoft_teams'],
  ])('%s %s', async (...command) => {
    for (const [flag, said] of [
      ['--tables', 'It names no table.'],
      ['--connection-name', 'It names no connection.'],
    ] as const) {
      for (const value of ['', ' ', ...(flag === '--tables' ? [',', ' , '] : [])]) {
        const { code, stdout, stderr } = await run(...command, flag, value)
        expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(said)])
        expect(stderr).toContain('error PARLEY_USAGE')
      }
    }
  })
})

describe('help says whose names are meant', () => {
  const words = async (...command: string[]) => (await run(...command, '--help')).stdout.replace(/\s+/g, ' ')

  test('of a sync', async () => {
    const help = await words('sync')
    expect(help).toContain('only these tables, by their names in the source')
    expect(help).toContain(
      'which connection of a file with several; the state in the destination is kept under this name',
    )
  })

  test.each([['show'], ['reset'], ['export']])('of state %s', async (command) => {
    const help = await words('state', command)
    expect(help).toContain('only these tables, by their names in the destination or in the source')
    expect(help).toContain('which connection of the destination, where it holds several')
  })

  test.each([['list'], ['show']])('of quarantine %s', async (command) => {
    const help = await words('quarantine', command)
    expect(help).toContain('only these tables, by their names in the destination or in the source')
    expect(help).toContain('which connection of the destination, where it holds several')
  })
})
