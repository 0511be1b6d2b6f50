import { copyFileSync, existsSync, rmSync } from 'node:fs'

/** The files of a database as a kill at this moment would leave them. */
export class CrashImage {
  readonly #files: readonly string[]

  constructor(database: string) {
    this.#files = [database, `${database}.wal`]
  }

  /** Call between two statements: then nothing is being written. */
  take(): void {
    for (const file of this.#files) if (existsSync(file)) copyFileSync(file, imageOf(file))
  }

  /** Call when the database is closed. */
  restore(): void {
    for (const file of this.#files) {
      rmSync(file, { force: true })
      if (!existsSync(imageOf(file))) continue
      copyFileSync(imageOf(file), file)
      rmSync(imageOf(file))
    }
  }
}

const imageOf = (file: string) => `${file}.image`
