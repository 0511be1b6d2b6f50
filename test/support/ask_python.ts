import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/**
 * Runs a Python script that takes one JSON value on stdin and answers one on stdout; its own words go to stderr.
 * @param env beside this process's own
 */
export async function askPython<T>(
  python: string,
  script: string,
  request: object,
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  // Nobody waits for it any more when this process ends.
  const end = () => child.kill()
  process.once('exit', end)
  // One that ends before it has read the request says why on stderr.
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(request))
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  process.off('exit', end)
  if (code !== 0) throw new Error(`${script} ended with ${code}\n${stderr.slice(-8000)}`)
  return JSON.parse(stdout) as T
}
