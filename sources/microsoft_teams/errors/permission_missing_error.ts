import type { LeastPermission } from '../client/permissions.ts'
import { GraphError, type GraphErrorInit } from './graph_error.ts'

/** 403: the app may not read this. */
export class PermissionMissingError extends GraphError {
  readonly code = 'PARLEY_PERMISSION_MISSING'
  readonly kind = 'configuration'

  constructor(init: GraphErrorInit, least: LeastPermission | undefined) {
    const permission = least?.permission
    super(
      `${init.request} is forbidden${permission === undefined ? '' : `; it takes the application permission ${permission}`}.`,
      permission === undefined
        ? 'Grant the app the permission that the API asks for, with admin consent.'
        : `Grant the app ${permission} (application) with admin consent${least?.resourceSpecific === undefined ? '' : `, or ${least.resourceSpecific} in this team or chat`}.`,
      init,
      {
        ...(permission === undefined ? {} : { permission }),
        ...(least?.resourceSpecific === undefined ? {} : { resource_specific_permission: least.resourceSpecific }),
      },
    )
  }
}
