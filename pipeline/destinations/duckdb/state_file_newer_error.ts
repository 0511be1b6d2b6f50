import { ParleyError } from '../../../libs/connect/error.ts'

interface Versions {
  /** Of the file. */
  v: number
  /** Of the state in it. */
  state_version: number
}

/** A newer release wrote the file of `state export`. */
export class StateFileNewerError extends ParleyError {
  readonly code = 'PARLEY_STATE_FILE_NEWER'
  readonly kind = 'configuration'

  constructor(path: string, found: Versions, known: Versions) {
    const words = ({ v, state_version }: Versions): string => `${state_version} (file version ${v})`
    super(`${path} holds state of version ${words(found)}; this release knows versions up to ${words(known)}.`, {
      remedy: 'Import it with the release that wrote it, or a newer one. Nothing was changed.',
      details: { path, found: found.state_version, known: known.state_version },
    })
  }
}
