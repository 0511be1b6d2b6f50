/** A quoted identifier: every name is quoted, so that `from` and `user` are columns like others. */
export function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** `"a", "b"`, each with a prefix such as `t.` where given. */
export function names(identifiers: readonly string[], prefix = ''): string {
  return identifiers.map((identifier) => prefix + name(identifier)).join(', ')
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Equal in every key column; a spec may name columns that are null in some rows. */
export function sameKey(keys: readonly string[], a: string, b: string): string {
  return keys.map((key) => `${a}.${name(key)} IS NOT DISTINCT FROM ${b}.${name(key)}`).join(' AND ')
}

/** The key as JSON text, for state tables that hold keys of every shape. */
export function keyText(keys: readonly string[], prefix = ''): string {
  return `json_array(${names(keys, prefix)})::VARCHAR`
}
