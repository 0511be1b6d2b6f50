/**
 * Turns the offsets `from` to `to` (inclusive), each `base` + UTF-16 units, into `base` + bytes of the same text in UTF-8.
 * False if one of them lies inside of a character: two values that end and begin with half of one, next to each other.
 * The offsets are of no use then.
 */
export function unitsToBytes(utf8: Uint8Array, base: number, offsets: Int32Array, from: number, to: number): boolean {
  let units = base
  let at = base
  for (let index = from; index <= to; index++) {
    const target = offsets[index]!
    while (units < target) {
      const byte = utf8[at]!
      if (byte < 0x80) {
        units++
        at++
      } else if (byte < 0xf0) {
        units++
        at += byte < 0xe0 ? 2 : 3
      } else {
        units += 2
        at += 4
      }
    }
    if (units !== target) return false
    offsets[index] = at
  }
  return true
}
