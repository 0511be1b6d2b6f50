/**
 * Runs the command and ends it with SIGKILL at a planned moment. A process of its own that does nothing else, so that
 * the signal arrives while the COMMIT it aims at is still going on. Plan as JSON in argv[2]; prints a KillRecord.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Event } from '../../libs/observe/events.ts'
import { startParley } from './cli.ts'
import type { KillPlan, KillRecord } from './kill_run.ts'

const { plan, args } = JSON.parse(process.argv[2]!) as { plan: KillPlan; args: string[] }
let phase = ''
let stored = 0
let shot = false
let read = 0
let kept = 0

const running = startParley(['sync', ...args], { env: { PARLEY_UNIT_ROWS: String(plan.unitRows) }, onLine: note })
const { signal, stderr } = await running.ended
const record: KillRecord = {
  killed: signal === 'SIGKILL' && stored > 0,
  insideCommit: phase === 'commit',
  lostRows: read - kept,
  stderr: signal === 'SIGKILL' ? '' : stderr.slice(-2000),
}
console.log(JSON.stringify(record))

function note(line: string): void {
  // What ends a sync is told as text, and is in the record.
  if (!line.startsWith('{')) return
  const event = JSON.parse(line) as Event
  if (event.type === 'page') read += event.rows
  if (event.type === 'committed') kept += event.rows
  if (event.type !== 'commit_phase') return
  phase = event.phase
  if (phase === 'done') stored++
  if (shot || stored < plan.afterUnits) return
  if (plan.insideCommit ? phase === 'commit' : phase === 'done') {
    shot = true
    if (plan.insideCommit) running.child.kill('SIGKILL')
    else void delay(plan.delayMs).then(() => running.child.kill('SIGKILL'))
  }
}
