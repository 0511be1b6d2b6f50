import { BIGINT, BOOLEAN, DOUBLE, type DuckDBType, INTEGER, LIST, STRUCT, TIMESTAMPTZ, VARCHAR } from '@duckdb/node-api'
import { DataType, type Field, Type } from 'apache-arrow'

/** The DuckDB type whose vectors `arrow_vector.ts` fills from an Arrow column. @throws TypeError for types the schema language lacks. */
export function duckDbTypeOf(type: DataType): DuckDBType {
  switch (type.typeId) {
    case Type.Utf8:
      return VARCHAR
    case Type.Bool:
      return BOOLEAN
    case Type.Int:
      return DataType.isInt(type) && type.bitWidth === 64 ? BIGINT : INTEGER
    case Type.Float:
      return DOUBLE
    case Type.Timestamp:
      return TIMESTAMPTZ
    case Type.List:
      return LIST(duckDbTypeOf(type.children[0]!.type))
    case Type.Struct:
      return STRUCT(Object.fromEntries(type.children.map((child: Field) => [child.name, duckDbTypeOf(child.type)])))
    default:
      throw new TypeError(`No DuckDB type for Arrow type ${type}.`)
  }
}
