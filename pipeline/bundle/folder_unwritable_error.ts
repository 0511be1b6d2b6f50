import { ParleyError } from '../../libs/connect/error.ts'

/** A folder that `parley bundle` was to fill takes no file. */
export class FolderUnwritableError extends ParleyError {
  readonly code = 'PARLEY_FOLDER_UNWRITABLE'
  readonly kind = 'usage'

  constructor(folder: string, file: string, cause: unknown) {
    const reason = (cause as NodeJS.ErrnoException)?.code ?? 'unknown'
    super(`${file} cannot be written into ${folder} (${reason}).`, {
      remedy: 'Name a folder with --out that may be written and has room, and run it again.',
      details: { folder, file },
      cause,
    })
  }
}
