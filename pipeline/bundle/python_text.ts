/** A text as a Python literal. Everything that JSON escapes in a text means the same in Python. */
export function pythonText(text: string): string {
  return JSON.stringify(text)
}
