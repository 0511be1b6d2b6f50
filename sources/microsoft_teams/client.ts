export type { ThrottleRow } from './client/limits.ts'
export type { GraphApi, GraphCall, GraphQuery, GraphResponse } from './client/types.ts'
