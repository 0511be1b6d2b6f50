import type { Refusal } from './feed.ts'

/** Why a list counts as read in part only: so many rows of it have no id. @param what a row is: `channel` */
export function listIncomplete(what: string, nameless: number): Refusal {
  const rows = nameless === 1 ? `one ${what}` : `${nameless} ${what}s`
  return {
    code: 'PARLEY_LIST_INCOMPLETE',
    status: 0,
    message: `The list of ${what}s has ${rows} without an id, which cannot be read.`,
    remedy: 'Nothing, if it passes: the next run lists them again. If it stays, report it.',
  }
}
