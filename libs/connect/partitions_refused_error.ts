import { ParleyError } from './error.ts'
import type { Refusal } from './feed.ts'

/** A read through LakeflowConnect met partitions that the API refused; the others were read and their offsets moved. */
export class PartitionsRefusedError extends ParleyError {
  readonly code = 'PARLEY_PARTITIONS_REFUSED'
  readonly kind = 'partial'

  constructor(refused: ReadonlyMap<string, Refusal>) {
    const [first] = refused.values()
    const names = [...refused.keys()]
    super(
      `The API refused ${names.length} partition${names.length === 1 ? '' : 's'} (${names.slice(0, 5).join(', ')}): ${first?.message}`,
      {
        remedy: first?.remedy ?? 'Grant the missing permission and read on from the last offset.',
        details: {
          partitions: names.slice(0, 100),
          codes: [...new Set([...refused.values()].map((refusal) => refusal.code))],
        },
      },
    )
  }
}
