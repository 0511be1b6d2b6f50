// The type lives beside the run's own types: a destination answers it, and nothing imports pipeline/cli.
export type { StatusReport } from '../sync/types.ts'
