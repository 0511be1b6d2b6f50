import { isObject } from '../schema/member.ts'
import { isExempt } from '../schema/personal.ts'
import type { AddedValues } from '../schema/row_encoder.ts'
import type { ColumnType, Fields, StructType } from '../schema/types.ts'
import type { Anonymizer, HashedMisfit } from './anonymizer.ts'
import { jsonCleaner } from './json_cleaner.ts'
import { textCleaner } from './text_cleaner.ts'

/** @param owner the object that the value is a member of */
type Clean = (value: unknown, owner?: object) => unknown

/** A row's object and its added values, with hashes in the place of what is personal. */
export interface CleanRow {
  source: object
  added: AddedValues
}

/**
 * Copies rows of a table without what is personal in them. What fits a column fits it afterwards and what does not fit goes
 * on not to, so that the same rows and values are set aside as without it. What is set aside is written as it came, so
 * fields that the table does not declare are left out, and objects and lists in the place of plain values are hashed.
 *
 * @param numericKeys columns that take an integer for its decimal text
 */
export function rowCleaner(
  { fields }: StructType,
  numericKeys: ReadonlySet<string>,
  anonymizer: Anonymizer,
): (source: object, added: AddedValues) => CleanRow {
  const pick = (isAdded: boolean): Fields =>
    Object.fromEntries(Object.entries(fields).filter(([, type]) => type.isAdded === isAdded))
  const own = membersCleaner(pick(false), anonymizer, numericKeys)
  const given = membersCleaner(pick(true), anonymizer, numericKeys)
  return (source, added) => ({ source: own(source), added: given(added) as AddedValues })
}

/** Of an object: its declared members only. */
function membersCleaner(
  fields: Fields,
  anonymizer: Anonymizer,
  numericKeys: ReadonlySet<string> = new Set(),
): (value: object) => object {
  const cleaners = Object.entries(fields).map(
    ([name, type]) => [name, cleanerOf(type, anonymizer, numericKeys.has(name))] as const,
  )
  return (value) => {
    const copy: Record<string, unknown> = Object.create(null)
    for (const [name, clean] of cleaners)
      if (Object.hasOwn(value, name)) copy[name] = clean((value as Record<string, unknown>)[name], value)
    return copy
  }
}

function cleanerOf(type: ColumnType, anonymizer: Anonymizer, isNumericKey = false): Clean {
  switch (type.kind) {
    case 'struct': {
      const clean = membersCleaner(type.fields, anonymizer)
      return (value) => (isObject(value) ? clean(value) : hashUnlessAbsent(value, anonymizer))
    }
    case 'list': {
      const clean = cleanerOf(type.item, anonymizer)
      return (value) => (Array.isArray(value) ? value.map((item) => clean(item)) : hashUnlessAbsent(value, anonymizer))
    }
    case 'json':
      return type.personalRule === null ? (value) => value : jsonCleaner(type.personalRule, anonymizer)
    case 'text':
      if (type.personalRule !== null) {
        const rule = type.personalRule
        const clean = textCleaner(rule, anonymizer)
        return (value, owner) => {
          if (owner !== undefined && isExempt(rule, owner)) return unlessObject(value, anonymizer)
          if (typeof value === 'string') return clean(value)
          if (isNumericKey && Number.isSafeInteger(value)) return clean(String(value))
          return isAbsent(value) ? value : misfit(value, anonymizer)
        }
      }
  }
  return (value) => unlessObject(value, anonymizer)
}

/** What is not personal stays as it is; nobody knows what is in an object in its place. */
function unlessObject(value: unknown, anonymizer: Anonymizer): unknown {
  return typeof value === 'object' && value !== null ? misfit(value, anonymizer) : value
}

/** A text fits neither a struct nor a list. */
function hashUnlessAbsent(value: unknown, anonymizer: Anonymizer): unknown {
  return isAbsent(value) ? value : anonymizer.hashJson(value)
}

/** An object fits no plain value. */
function misfit(value: unknown, anonymizer: Anonymizer): HashedMisfit {
  return { anonymized: anonymizer.hashJson(value) }
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}
