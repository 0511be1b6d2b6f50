/** Python ends a child that it has not heard for ten minutes. */
const EVERY_MS = 30_000

/** Says again and again that this process lives, also while it waits for a limit or for its reader. */
export function sayAlive(say: (line: { type: 'alive' }) => void): Disposable {
  const timer = setInterval(() => say({ type: 'alive' }), EVERY_MS).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
