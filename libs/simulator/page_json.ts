/** A row that is written as this very text, valid JSON or not. */
export class RawJson {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A row that is rendered when it is written, so that a page of large rows is never in memory as a whole. */
export type PageRow = () => object

/** The JSON text of a page, piece by piece: the members of `head`, then the rows as `value` (or another name). */
export function* pageText(head: object, rows: Iterable<PageRow>, name = 'value'): Generator<string> {
  const members = JSON.stringify(head).slice(1, -1)
  yield `{${members}${members === '' ? '' : ','}${JSON.stringify(name)}:`
  yield* listText(rows)
  yield '}'
}

/** The JSON text of an array, piece by piece. */
export function* listText(rows: Iterable<PageRow>): Generator<string> {
  yield '['
  let separator = ''
  for (const row of rows) {
    const value = row()
    yield separator + (value instanceof RawJson ? value.text : JSON.stringify(value))
    separator = ','
  }
  yield ']'
}
