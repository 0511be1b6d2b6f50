import { setTimeout as delay } from 'node:timers/promises'
import type { Event } from '../../libs/observe/events.ts'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import type { Tenant } from './tenant.ts'

export interface KillPlan {
  unitRows: number
  /** Kill when a unit announces its COMMIT; otherwise some time after a unit was stored. */
  insideCommit: boolean
  /** Units that are stored before. */
  afterUnits: number
  delayMs: number
}

export interface KillRecord {
  /** The process was ended by the signal, between its first and its last commit. */
  killed: boolean
  /** The last phase that the process announced was COMMIT, and it never said that it was done. */
  insideCommit: boolean
  /** Rows that the simulator had sent and that no stored unit held: they are read again. */
  lostRows: number
  stderr: string
}

/** Runs a sync, ends it with SIGKILL at the planned place, and says what that cost. */
export async function killRun(tenant: Tenant, args: readonly string[], plan: KillPlan): Promise<KillRecord> {
  const phases: string[] = []
  let stored = 0
  let due = false
  let received = 0
  const before = await countRows(tenant.database)
  const running = tenant.start(args, {
    env: { PARLEY_UNIT_ROWS: String(plan.unitRows) },
    onLine: (line) => {
      const event = JSON.parse(line) as Event
      if (event.type === 'page') received += event.received
      if (event.type !== 'commit_phase') return
      phases.push(event.phase)
      if (event.phase === 'done' && ++stored === plan.afterUnits && !plan.insideCommit) {
        void delay(plan.delayMs).then(() => running.child.kill('SIGKILL'))
      }
      if (event.phase === 'commit' && stored >= plan.afterUnits && plan.insideCommit && !due) {
        due = true
        running.child.kill('SIGKILL')
      }
    },
  })
  const { signal, stderr } = await running.ended
  const kept = (await countRows(tenant.database)) - before
  return {
    killed: signal === 'SIGKILL' && stored > 0,
    insideCommit: phases.at(-1) === 'commit',
    lostRows: Math.max(0, received - kept),
    stderr,
  }
}

/** Messages and replies that are stored; 0 before the first sync. */
async function countRows(path: string): Promise<number> {
  const database = await openDatabase(path, { sleep: async () => {} })
  try {
    const known = await database.connection.runAndReadAll(`SELECT table_name FROM duckdb_tables() WHERE schema_name = 'microsoft_teams'`)
    if (known.getRows().length === 0) return 0
    const counted = await database.connection.runAndReadAll(
      `SELECT (SELECT count(*) FROM microsoft_teams.messages)::INTEGER + (SELECT count(*) FROM microsoft_teams.message_replies)::INTEGER`,
    )
    return Number(counted.getRows()[0]?.[0])
  } finally {
    database.close()
  }
}
