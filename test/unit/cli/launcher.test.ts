import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { launcher, start } from './run_parley.ts'

/** A node that cannot run TypeScript is as good as an old one: the launcher must find another. */
const oldNode = [process.execPath, '--no-strip-types']

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-launcher-'))
  await mkdir(join(root, 'bin'))
  await mkdir(join(root, 'pipeline/cli'), { recursive: true })
  await writeFile(join(root, 'package.json'), '{"type": "module"}')
  await copyFile(launcher, join(root, 'bin/parley.js'))
})
afterEach(() => rm(root, { recursive: true }))

async function withMain(body: string): Promise<void> {
  await writeFile(
    join(root, 'pipeline/cli/main.ts'),
    `export async function main(argv: string[]): Promise<number> {\n${body}\n}\n`,
  )
}

async function withProjectNode(): Promise<void> {
  await mkdir(join(root, 'node_modules/.bin'), { recursive: true })
  await symlink(process.execPath, join(root, 'node_modules/.bin/node'))
}

test('an old node hands over to the one of the project, with arguments and exit code', async () => {
  await withMain(`console.log(JSON.stringify([argv, process.env.PARLEY_LAUNCHED])); return 42`)
  await withProjectNode()
  const ended = await start([...oldNode, join(root, 'bin/parley.js'), 'a b', '--c']).ended
  expect(ended).toMatchObject({ code: 42, signal: null, stderr: '' })
  expect(JSON.parse(ended.stdout)).toEqual([['a b', '--c'], '1'])
})

test('a new node runs it itself', async () => {
  await withMain(`console.log(String(process.env.PARLEY_LAUNCHED)); return 0`)
  const ended = await start([process.execPath, join(root, 'bin/parley.js')]).ended
  expect(ended).toMatchObject({ code: 0, stdout: 'undefined\n' })
})

test('without another node it says what to install', async () => {
  await withMain('return 0')
  const ended = await start([...oldNode, join(root, 'bin/parley.js'), '--help']).ended
  expect(ended.code).toBe(3)
  expect(ended.stderr).toMatch(/^error PARLEY_NODE_TOO_OLD: .*\n {2}→ Install Node 22\.15 or later/)
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s is passed on, and the answer back', async (signal) => {
  await withMain(
    `process.on('${signal}', () => process.exit(99)); setInterval(() => {}, 1000); console.log('ready'); return new Promise(() => {})`,
  )
  await withProjectNode()
  const child = start([...oldNode, join(root, 'bin/parley.js')])
  await child.shown('ready')
  child.process.kill(signal)
  expect(await child.ended).toMatchObject({ code: 99 })
})

test('a child that a signal killed kills the launcher the same way', async () => {
  await withMain(`process.kill(process.pid, 'SIGKILL'); return 0`)
  await withProjectNode()
  expect(await start([...oldNode, join(root, 'bin/parley.js')]).ended).toMatchObject({ code: null, signal: 'SIGKILL' })
})
