import type { Random } from '../../../../libs/simulator/random.ts'

const OPENINGS = [
  'Has anybody tried',
  'Just pushed',
  'Stuck with',
  'Heads up about',
  'Love',
  'Can we talk about',
  'Found a bug in',
  'Meet me for',
]
const THINGS = [
  'the **new map**',
  '`parse()` on empty input',
  'tonight’s raid',
  'the ~~old~~ roadmap',
  'our tide tables',
  '潮位 charts',
  'the boat rental',
  'that ||secret|| cove',
]
const ENDINGS = [
  'after the patch',
  'again',
  'https://example.org/wiki',
  '😅',
  'before the weekend',
  'in voice',
  '— any ideas?',
  'on mobile',
]

/** A short line of invented text, with the odd character that has to survive: markdown, links, other scripts, emoji. */
export function sentence(random: Random): string {
  return `${random.pick(OPENINGS)} ${random.pick(THINGS)} ${random.pick(ENDINGS)} #${random.below(10_000)}`
}
