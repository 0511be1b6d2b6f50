import type { AddedValues, RowEncoder, StructType } from '../../../libs/schema/index.ts'

/** What today's declarations say of a row that was kept aside. */
export type Judgement = { kind: 'usable' } | { kind: 'refused'; code: string; message: string }

/**
 * Appends the row to the encoder, or says why it still cannot be taken.
 * @param text what the API sent and the columns that Parley adds, in one object: the declaration tells them apart
 */
export function judgeRow(encoder: RowEncoder, schema: StructType, text: string): Judgement {
  let row: unknown
  try {
    row = JSON.parse(text)
  } catch {
    return { kind: 'refused', code: 'not_an_object', message: 'The text that was kept is not JSON.' }
  }
  const source: Record<string, unknown> = {}
  const added: Record<string, unknown> = {}
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return judge(encoder.append(row))
  for (const [name, value] of Object.entries(row))
    Object.defineProperty(schema.fields[name]?.isAdded === true ? added : source, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  return judge(encoder.append(source, added as AddedValues))
}

function judge(rejection: ReturnType<RowEncoder['append']>): Judgement {
  if (rejection === null) return { kind: 'usable' }
  return { kind: 'refused', code: rejection.code, message: rejection.message }
}
