import type { ScdType } from '../../pipeline/spec/types.ts'
import type { Version } from '../../pipeline/sync/decide.ts'
import { applyRows } from '../../pipeline/sync/decide_unit.ts'

/**
 * `node test/spark/apply_scenarios.ts SEED COUNT`: units of rows, drawn at random, with what each way of applying holds
 * after every one of them, as `decide` says: JSON for the tests of the SQL that Spark applies them with.
 */
interface Arriving {
  id: string
  /** Seconds; null: the row has no time. */
  sequence: number | null
  content: string
}

const IDS = [...'abcdefghijklmnopqrst']
const UNITS = 4

const [seed = '1', count = '1'] = process.argv.slice(2)
const draw = drawing(Number(seed))

/** Numbers below `below`, the same ones for the same seed. */
function drawing(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function unit(): Arriving[] {
  return Array.from({ length: 40 }, () => ({
    id: IDS[draw(IDS.length)]!,
    sequence: draw(7) === 0 ? null : 1 + draw(6),
    content: 'xy'[draw(2)]!,
  }))
}

/** Every unit and its rows, then the first one and the last one again, as a replay brings them. */
function scenario() {
  const drawn = Array.from({ length: UNITS }, unit)
  return [...drawn, drawn[0]!, drawn.at(-1)!.toReversed()]
}

function play(units: Arriving[][], scdType: ScdType) {
  const held = new Map<string, Version[]>()
  return units.map((rows) => {
    for (const [id, own] of Map.groupBy(rows, (row) => row.id)) {
      // The hash covers the time too, as that of every declared table does.
      const hashed = own.map(({ sequence, content }) => ({ sequence, content: `${sequence} ${content}` }))
      held.set(id, applyRows(held.get(id) ?? [], hashed, scdType).versions)
    }
    return [...held].flatMap(([id, versions]) =>
      versions.map(({ start, end, content }) => [id, content, ...(scdType === 'SCD_TYPE_2' ? [start, end] : [])]),
    )
  })
}

const scenarios = Array.from({ length: Number(count) }, scenario).map((units) => ({
  units,
  expected: Object.fromEntries(
    (['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY'] as const).map((scdType) => [scdType, play(units, scdType)]),
  ),
}))
process.stdout.write(JSON.stringify(scenarios))
