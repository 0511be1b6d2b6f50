import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Largest resident memory of a child so far in MiB, from the kernel's own high-water mark; 0 where there is no /proc. */
export function watchPeakMemory(child: ChildProcess): { stop(): number } {
  let peak = 0
  const look = () => {
    try {
      const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
      peak = Math.max(peak, Number(kib ?? 0) / 1024)
    } catch {
      // The process has ended, or this system has no /proc.
    }
  }
  const timer = setInterval(look, 100)
  return {
    stop() {
      clearInterval(timer)
      return Math.round(peak)
    },
  }
}
