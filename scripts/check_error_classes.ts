import type { ProjectFile } from './check_files.ts'

/** A class that extends ParleyError, itself or through another one. */
export interface ErrorClass {
  name: string
  path: string
  /** More than one where it depends on the API's answer; none where the class carries another error's code. */
  codes: string[]
  /** Its own or its parent's; undefined where it depends on the case. */
  kind: string | undefined
  classesInFile: number
}

const BASE = 'ParleyError'
const CLASS = /^(?:export )?(?:default )?(abstract )?class (\w+) extends (\w+)/gm

/** Every class that can be thrown. */
export function findErrorClasses(files: readonly ProjectFile[]): ErrorClass[] {
  const classes = files
    .filter(({ path }) => path.endsWith('.ts'))
    .flatMap((file) => {
      const text = file.read()
      return [...text.matchAll(CLASS)].map(([, abstract, name, parent]) => ({
        name: name!,
        parent: parent!,
        abstract: abstract !== undefined,
        path: file.path,
        text,
      }))
    })
  const ours = new Set([BASE])
  // A class can extend one of a later file: as many rounds as there are classes is enough.
  for (const _ of classes) for (const { name, parent } of classes) if (ours.has(parent)) ours.add(name)
  const errors = classes.filter(({ name }) => name !== BASE && ours.has(name))
  const kindOf = (name: string): string | undefined => {
    const found = errors.find((error) => error.name === name)
    return found === undefined ? undefined : (declaredKind(found.text) ?? kindOf(found.parent))
  }
  return errors
    .filter(({ abstract }) => !abstract)
    .map(({ name, path, text }) => ({
      name,
      path,
      codes: declaredCodes(text),
      kind: kindOf(name),
      classesInFile: errors.filter((other) => other.path === path).length,
    }))
}

function declaredKind(text: string): string | undefined {
  return /^\s*(?:override )?readonly (?:override )?kind = '(\w+)'/m.exec(text)?.[1]
}

/** The texts in the declaration of the property `code`: one, or a union of them. */
function declaredCodes(text: string): string[] {
  const declaration = /^\s*(?:override )?readonly (?:override )?code\b([^\n]*(?:\n\s+\|[^\n]*)*)/m.exec(text)?.[1] ?? ''
  return [...new Set([...declaration.matchAll(/'(PARLEY_\w+)'/g)].map(([, code]) => code!))]
}
