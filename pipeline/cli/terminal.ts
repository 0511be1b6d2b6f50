import type { Io } from './io.ts'

/** https://no-color.org: any non-empty NO_COLOR. */
export function usesColor(io: Io): boolean {
  return io.terminal.isTTY && !io.env.NO_COLOR && io.env.TERM !== 'dumb'
}

/** A progress bar needs a terminal that can go back to the start of a line. */
export function canRedraw(io: Io): boolean {
  return io.terminal.isTTY && io.env.TERM !== 'dumb'
}
