import type { Random } from '../../../../libs/simulator/random.ts'

const OPENINGS = [
  'Please check',
  'Who knows',
  'I have moved',
  'We should look at',
  'Thanks for',
  'Did somebody see',
  'Let us drop',
  'Ready:',
]
const THINGS = [
  'the invoice export',
  'yesterday’s build',
  'the meeting notes',
  'the lab calendar',
  'our <draft> plan',
  'the “blue” folder',
  'naïve defaults',
  '価格 list',
]
const ENDINGS = [
  'before lunch',
  'again',
  'when you can',
  '& tell me',
  'on Friday',
  'for the customer',
  '🙂',
  'as agreed',
]

/** A short line of invented text, with the odd character that has to survive: quotes, markup, other scripts, emoji. */
export function sentence(random: Random): string {
  return `${random.pick(OPENINGS)} ${random.pick(THINGS)} ${random.pick(ENDINGS)} #${random.below(10_000)}`
}
