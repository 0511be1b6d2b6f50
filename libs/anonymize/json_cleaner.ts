import { isExempt, type PersonalRule } from '../schema/personal.ts'
import type { Anonymizer } from './anonymizer.ts'
import { patternCleaner } from './pattern_cleaner.ts'

type Node = unknown[] | Record<string, unknown>
interface Open {
  from: Node
  to: Node
  /** A list's items are where their list is. */
  isPersonal: boolean
}

/**
 * Copies JSON values with hashes for the texts and numbers under the rule's keys, and for what the rule finds inside other
 * texts; without the members that it omits. A value that is no object has no keys: its texts and numbers are hashed.
 * Without recursion: JSON may be nested deeper than the engine's stack.
 */
export function jsonCleaner(rule: PersonalRule, anonymizer: Anonymizer): (value: unknown) => unknown {
  const keys = new Set(rule.keys)
  const omitted = new Set(rule.omit)
  const cleanText = patternCleaner(rule, anonymizer)

  const cleanLeaf = (leaf: unknown, isPersonal: boolean): unknown => {
    if (typeof leaf === 'string') return isPersonal ? anonymizer.hash(leaf) : cleanText(leaf)
    const isNumber = typeof leaf === 'number' || typeof leaf === 'bigint'
    return isNumber && isPersonal ? anonymizer.hash(String(leaf)) : leaf
  }

  return (value) => {
    const open: Open[] = []
    const clean = (item: unknown, isPersonal: boolean): unknown => {
      if (typeof item !== 'object' || item === null) return cleanLeaf(item, isPersonal)
      const isList = Array.isArray(item)
      // Without a prototype, so that a key may be `__proto__`.
      const to: Node = isList ? [] : Object.create(null)
      open.push({ from: item as Node, to, isPersonal: isList && isPersonal })
      return to
    }
    const result = clean(value, true)
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { from, to, isPersonal } = next
      if (Array.isArray(to)) for (const item of from as unknown[]) to.push(clean(item, isPersonal))
      else {
        const isOfPerson = !isExempt(rule, from)
        for (const [key, item] of Object.entries(from))
          if (!omitted.has(key)) to[key] = clean(item, isOfPerson && keys.has(key))
      }
    }
    return result
  }
}
