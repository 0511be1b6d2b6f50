import { checkPersonal, type PersonalRule } from './personal.ts'

/** Kinds of leaves. `json` is open or polymorphic JSON, kept as its text. */
export type ScalarKind = 'text' | 'json' | 'timestamp' | 'boolean' | 'int32' | 'int64' | 'float64'

/** What a type says when `required()` has been called on it; `InferRow` reads it. */
export interface RequiredColumn {
  readonly isRequired: true
}

interface Traits {
  isRequired: boolean
  isAdded: boolean
  isVolatile: boolean
  personalRule: PersonalRule | null
  description: string | undefined
}

const plain: Traits = {
  isRequired: false,
  isAdded: false,
  isVolatile: false,
  personalRule: null,
  description: undefined,
}

/** What every type has in common. Immutable: each method answers a changed copy. */
abstract class BaseType {
  abstract readonly kind: ScalarKind | 'struct' | 'list'
  /** The column has a value in every row; a row without one is rejected. Top-level columns only. */
  readonly isRequired: boolean
  /** The value is not in the API's object: it comes from the `added` argument of `RowEncoder.append`. */
  readonly isAdded: boolean
  /** The value changes from read to read though nothing happened (a signed URL): `_content_hash` leaves it out. */
  readonly isVolatile: boolean
  /** It holds ids or names of persons, which the option `anonymize` replaces; null: it holds none. */
  readonly personalRule: PersonalRule | null
  /** Meaning of the column, for the docs and the Arrow field's `comment`. */
  readonly description: string | undefined

  constructor(traits: Traits) {
    this.isRequired = traits.isRequired
    this.isAdded = traits.isAdded
    this.isVolatile = traits.isVolatile
    this.personalRule = traits.personalRule
    this.description = traits.description
  }

  protected abstract with(traits: Traits): BaseType

  required(): this & RequiredColumn {
    return this.with({ ...this.traits(), isRequired: true }) as this & RequiredColumn
  }

  added(): this {
    return this.with({ ...this.traits(), isAdded: true }) as this
  }

  /** At any depth; what is below it is left out with it. Of a list's items, how many they are still counts. */
  volatile(): this {
    return this.with({ ...this.traits(), isVolatile: true }) as this
  }

  /** @param description one sentence, without line breaks or `|` where it can be helped */
  describe(description: string): this {
    return this.with({ ...this.traits(), description }) as this
  }

  protected traits(): Traits {
    const { isRequired, isAdded, isVolatile, personalRule, description } = this
    return { isRequired, isAdded, isVolatile, personalRule, description }
  }
}

/** A leaf: text, a time, a number … */
export class ScalarType<K extends ScalarKind = ScalarKind> extends BaseType {
  readonly kind: K

  constructor(kind: K, traits: Traits = plain) {
    super(traits)
    this.kind = kind
  }

  /**
   * The value holds ids or names of persons, for the option `anonymize`: as a whole, where a rule says, or in JSON under
   * the keys that are named. Text and JSON only.
   *
   * ```ts
   * text().personal()
   * text().personal({ inside: /<@!?(\d+)>/g })
   * json().personal(['id', 'displayName'])
   * text().personal({ unless: { type: 'role' } })
   * ```
   *
   * @throws TypeError for another kind, or a rule that would let values pass
   */
  personal(rule: PersonalRule | readonly string[] = {}): this {
    const whole = isKeys(rule) ? { keys: rule } : rule
    return this.with({ ...this.traits(), personalRule: checkPersonal(this.kind, whole) }) as this
  }

  protected override with(traits: Traits): ScalarType<K> {
    return new ScalarType(this.kind, traits)
  }
}

/** Named fields in declared order. The whole of a table is one too. */
export class StructType<F extends Fields = Fields> extends BaseType {
  readonly kind = 'struct'
  /** Without a prototype: a column may be named `constructor`, and `name in fields` says the truth. */
  readonly fields: F

  /** @throws TypeError on a name or a nesting that some destination could not hold */
  constructor(fields: F, traits: Traits = plain) {
    super(traits)
    checkFields(fields)
    this.fields = Object.freeze(Object.assign(Object.create(null), fields)) as F
  }

  protected override with(traits: Traits): StructType<F> {
    return new StructType(this.fields, traits)
  }
}

/** Any number of items of one type. */
export class ListType<T extends ColumnType = ColumnType> extends BaseType {
  readonly kind = 'list'
  readonly item: T

  /** @throws TypeError on a required or added item */
  constructor(item: T, traits: Traits = plain) {
    super(traits)
    checkNested('a list item', item)
    this.item = item
  }

  protected override with(traits: Traits): ListType<T> {
    return new ListType(this.item, traits)
  }
}

export interface Fields {
  readonly [name: string]: ColumnType
}

export type ColumnType = ScalarType | StructType | ListType

/** Columns that every table has (`_raw` with `include_raw`) after the declared ones. */
export const RESCUED_COLUMN = '_rescued_data'
export const RAW_COLUMN = '_raw'

function isKeys(rule: PersonalRule | readonly string[]): rule is readonly string[] {
  return Array.isArray(rule)
}

function checkFields(fields: Fields): void {
  const seen = new Set<string>([RESCUED_COLUMN, RAW_COLUMN])
  for (const [name, type] of Object.entries(fields)) {
    if (name === '' || name === '__proto__' || name.includes('\0') || !name.isWellFormed()) {
      throw new TypeError(`${JSON.stringify(name)} cannot be a column name.`)
    }
    // Spark and DuckDB take names that differ in case only for the same column.
    if (seen.has(name.toLowerCase())) throw new TypeError(`Column ${name} is reserved or declared twice.`)
    seen.add(name.toLowerCase())
    if (type.kind === 'struct') for (const child of Object.keys(type.fields)) checkNested(child, type.fields[child]!)
  }
}

/** Below the top level everything is nullable: one odd leaf must not cost the row. */
function checkNested(name: string, type: ColumnType): void {
  if (type.isRequired || type.isAdded) throw new TypeError(`Only a column can be required or added; ${name} is nested.`)
  if (type.kind === 'struct') for (const child of Object.keys(type.fields)) checkNested(child, type.fields[child]!)
}
