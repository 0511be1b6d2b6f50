import { dataSourceName, generatedModule } from './package_path.ts'
import type { SourceFacts } from './source_facts.ts'

/** The package's `__init__.py`: the data source as a class, for whoever finds it by the package's name. */
export function initFile({ name, displayName, version }: SourceFacts): string {
  const dataSource = dataSourceName(name)
  return `"""${displayName} as a source of community connectors: Parley ${version}, generated. Do not edit: build it again."""

from .${generatedModule(name)} import ParleyError, lakeflow_source_class, register_lakeflow_source

try:
    from databricks.labs.community_connector.sparkpds import LakeflowSource
except ImportError:
    # The framework is not installed, and nothing here needs it.
    LakeflowSource = None


def _data_source():
    # A class of a function is pickled by value, and so arrives where this package is not installed.
    own = lakeflow_source_class()
    # Who searches for a kind of the framework's class finds one; all that it does is done by our own, which comes first.
    bases = (own,) if LakeflowSource is None else (own, LakeflowSource)

    class ${dataSource}(*bases):
        """Reads ${displayName}, under the format name lakeflow_connect."""

        _lakeflow_connect_cls = own

    return ${dataSource}


${dataSource} = _data_source()

__all__ = ["${dataSource}", "ParleyError", "register_lakeflow_source"]
`
}
