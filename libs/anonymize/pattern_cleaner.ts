import { type PersonalRule, patternsOf } from '../schema/personal.ts'
import type { Anonymizer } from './anonymizer.ts'

export type CleanText = (text: string) => string

/** Hashes the first capture group of each match of the rule's patterns; what is around it stays. */
export function patternCleaner(rule: PersonalRule, anonymizer: Anonymizer): CleanText {
  // With indices: what is captured may stand elsewhere in the match as well.
  const patterns = patternsOf(rule).map(({ source, flags }) => new RegExp(source, [...new Set(`${flags}d`)].join('')))
  return (text) =>
    patterns.reduce((clean, pattern) => {
      let done = 0
      let result = ''
      for (const match of clean.matchAll(pattern)) {
        const [found, place] = [match[1], match.indices?.[1]]
        if (found === undefined || place === undefined) continue
        result += clean.slice(done, place[0]) + anonymizer.hash(rule.unescape?.(found) ?? found)
        done = place[1]
      }
      return done === 0 ? clean : result + clean.slice(done)
    }, text)
}
