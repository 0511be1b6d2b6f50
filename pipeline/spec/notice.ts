/** Something in a spec or a connection file that is accepted but worth a sentence. */
export interface SpecNotice {
  /** Stable: `PARLEY_OPTION_IGNORED`, `PARLEY_CONNECTION_FILE_READABLE` … */
  code: string
  message: string
  file: string
  line: number
}

export type OnNotice = (notice: SpecNotice) => void
