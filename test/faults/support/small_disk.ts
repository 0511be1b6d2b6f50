import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of a given size, in a mount namespace of its own: it ends with the process that holds it. */
export interface SmallDisk {
  /** Where it is mounted, for those inside. */
  readonly folder: string
  /** What a command line begins with that is to run inside. */
  readonly enter: readonly string[]
  /** The whole folder, as it is now, into one of this side. */
  copyTo(folder: string): void
  usedMebibytes(): number
  resize(mebibytes: number): Promise<void>
  close(): Promise<void>
}

const NAMESPACE = ['--map-root-user', '--mount', 'sh', '-c']

/** False, after printing why, where the kernel lets this user mount nothing. */
export function mayMount(): boolean {
  const { status, stderr, error } = spawnSync('unshare', [...NAMESPACE, 'mount -t tmpfs -o size=1m tmpfs /mnt'], {
    encoding: 'utf8',
  })
  if (status === 0) return true
  console.warn(`Left out: a disk that is really full. Nothing can be mounted: ${(error?.message ?? stderr).trim()}`)
  return false
}

export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk> {
  const point = mkdtempSync(join(tmpdir(), 'parley-disk-'))
  // Mounts first, then does what it is told, line by line, and says when it is done.
  const script = `mount -t tmpfs -o size=${mebibytes}m tmpfs '${point}' && echo done; while read line; do $line && echo done; done`
  const holder = spawn('unshare', [...NAMESPACE, script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const done = () => new Promise((resolve) => holder.stdout.once('data', resolve))
  await done()
  // Some programs resolve this to a path of their own side, so it serves for looking in only.
  const seenFromHere = `/proc/${holder.pid}/root${point}`
  return {
    folder: point,
    enter: ['nsenter', '--target', String(holder.pid), '--user', '--preserve-credentials', '--mount'],
    copyTo: (folder) => cpSync(seenFromHere, folder, { recursive: true }),
    usedMebibytes() {
      const { bsize, blocks, bfree } = statfsSync(seenFromHere)
      return Math.ceil((bsize * (blocks - bfree)) / 1024 / 1024)
    },
    async resize(size) {
      const told = done()
      holder.stdin.write(`mount -o remount,size=${size}m ${point}\n`)
      await told
    },
    async close() {
      const ended = new Promise((resolve) => holder.once('close', resolve))
      holder.stdin.end()
      await ended
      rmSync(point, { recursive: true, force: true })
    },
  }
}
