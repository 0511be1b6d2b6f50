import { jsonText } from '../schema/json_text.ts'
import type { PersonalRule } from '../schema/personal.ts'
import type { Anonymizer } from './anonymizer.ts'
import { jsonCleaner } from './json_cleaner.ts'
import { type CleanText, patternCleaner } from './pattern_cleaner.ts'

/** Hashes what of a text is personal: the whole, what a pattern captures, or what stands under keys in its JSON. */
export function textCleaner(rule: PersonalRule, anonymizer: Anonymizer): CleanText {
  if (rule.keys !== undefined) return jsonTextCleaner(rule, anonymizer)
  return rule.inside === undefined ? (text) => anonymizer.hash(text) : patternCleaner(rule, anonymizer)
}

/** For text that should hold JSON. What begins like it and cannot be read is hashed whole: nobody knows what is in it. */
function jsonTextCleaner(rule: PersonalRule, anonymizer: Anonymizer): CleanText {
  const cleanText = patternCleaner(rule, anonymizer)
  const cleanJson = jsonCleaner(rule, anonymizer)
  return (text) => {
    if (!/^\s*[[{]/.test(text)) return cleanText(text)
    try {
      return jsonText(cleanJson(JSON.parse(text)))
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      return anonymizer.hash(text)
    }
  }
}
