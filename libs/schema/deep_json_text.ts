interface Frame {
  node: object
  keys: string[] | null
  next: number
  first: boolean
}

/**
 * JSON text without recursion and without exceptions: for values nested deeper than the engine's own
 * stringify can go, and for the few that it refuses or loses: bigint, written digit by digit; Infinity and a cycle, as text.
 */
export function deepJsonText(value: unknown): string {
  const parts: string[] = []
  const open: Frame[] = []
  const ancestors = new Set<object>()
  const enter = (item: unknown): void => {
    if (typeof item !== 'object' || item === null) {
      parts.push(leafText(item))
    } else if (ancestors.has(item)) {
      parts.push('"[circular]"')
    } else {
      ancestors.add(item)
      const keys = Array.isArray(item) ? null : Object.keys(item)
      parts.push(keys === null ? '[' : '{')
      open.push({ node: item, keys, next: 0, first: true })
    }
  }
  enter(value)
  while (open.length > 0) {
    const frame = open.at(-1)!
    const item = frame.keys === null ? nextItem(frame) : nextMember(frame, parts)
    if (item !== done) {
      enter(item)
      continue
    }
    parts.push(frame.keys === null ? ']' : '}')
    ancestors.delete(frame.node)
    open.pop()
  }
  return parts.join('')

  function nextItem(frame: Frame): unknown {
    const items = frame.node as unknown[]
    if (frame.next === items.length) return done
    if (frame.next > 0) parts.push(',')
    return items[frame.next++]
  }
}

const done = Symbol('done')

function nextMember(frame: Frame, parts: string[]): unknown {
  const node = frame.node as Record<string, unknown>
  while (frame.next < frame.keys!.length) {
    const key = frame.keys![frame.next++]!
    if (isSilent(node[key])) continue
    parts.push(frame.first ? '' : ',', JSON.stringify(key), ':')
    frame.first = false
    return node[key]
  }
  return done
}

/** What JSON.stringify leaves out of an object. */
function isSilent(value: unknown): boolean {
  return value === undefined || typeof value === 'function' || typeof value === 'symbol'
}

function leafText(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`
  return isSilent(value) ? 'null' : JSON.stringify(value)
}
