import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { mayMount, mountSmallDisk } from '../faults/support/small_disk.ts'

/** A folder that can run out of room. */
export interface Disk {
  readonly folder: string
  /** What a command line begins with that is to see the folder. */
  readonly enter: readonly string[]
  /** What a shell does first. */
  readonly limit: string
  fill(): Promise<void>
  makeRoom(): Promise<void>
  /** Copies the folder to this side. @returns where it is now */
  copyTo(folder: string): string
  close(): Promise<void>
}

const ROOMY_MIB = 200
/** Room for a few units of the day's long posts, and not for all. */
const LITTLE_MIB = 4
const MIB = 2 ** 20
/** The unit of `ulimit -f`. */
const BLOCK = 512

/** A disk with a copy of `files` on it; where nothing can be mounted the folder itself, with a quota of sorts. */
export async function diskWith(files: string): Promise<Disk> {
  return mayMount() ? realDisk(files) : quota(files)
}

async function realDisk(files: string): Promise<Disk> {
  const disk = await mountSmallDisk(ROOMY_MIB)
  const [command, ...rest] = [...disk.enter, 'cp', '-r', `${files}/.`, disk.folder]
  execFileSync(command!, rest)
  return {
    folder: disk.folder,
    enter: disk.enter,
    limit: '',
    fill: () => disk.resize(disk.usedMebibytes() + LITTLE_MIB),
    makeRoom: () => disk.resize(ROOMY_MIB),
    copyTo(folder) {
      disk.copyTo(folder)
      return folder
    },
    close: () => disk.close(),
  }
}

/** No file may grow beyond some size: what is written goes to DuckDB's log first, and that file gets as large as this. */
function quota(folder: string): Disk {
  let limit = ''
  return {
    folder,
    enter: [],
    get limit() {
      return limit
    },
    async fill() {
      const { size } = statSync(join(folder, 'lake.duckdb'))
      limit = `ulimit -f ${Math.ceil(size / BLOCK) + MIB / BLOCK}; `
    },
    async makeRoom() {
      limit = ''
    },
    copyTo: () => folder,
    async close() {},
  }
}
