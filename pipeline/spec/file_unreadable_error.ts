import { ParleyError } from '../../libs/connect/error.ts'

/** A file that was named on the command line cannot be read. */
export class FileUnreadableError extends ParleyError {
  readonly code = 'PARLEY_FILE_UNREADABLE'
  readonly kind = 'usage'

  constructor(what: string, file: string, cause: unknown) {
    const reason = (cause as NodeJS.ErrnoException)?.code
    const said =
      reason === 'ENOENT'
        ? 'does not exist'
        : reason === 'EISDIR'
          ? 'is a folder'
          : `cannot be read (${reason ?? 'unknown'})`
    super(`The ${what} ${file} ${said}.`, {
      remedy: 'Check the path, and that you may read it.',
      details: { file },
      cause,
    })
  }
}
