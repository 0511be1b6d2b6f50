import type { Event } from '../../libs/observe/events.ts'

/** An observer that acts once: when the n-th answer to requests whose path fits has come. */
export function afterAnswer(fits: RegExp, nth: number, act: () => void): (event: Event) => void {
  let answers = 0
  return (event) => {
    if (event.type === 'request' && fits.test(event.path) && ++answers === nth) act()
  }
}
