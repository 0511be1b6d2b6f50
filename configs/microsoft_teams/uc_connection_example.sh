#!/usr/bin/env bash
# Creates a connection of Unity Catalog for Microsoft Teams. Made by `parley connection`.
#
# Needs the Databricks CLI, signed in: `databricks auth login`. Options come from the environment variables below; what is
# required and not set is asked for. They reach the CLI by a file that only you can read and that is removed, never as
# an argument, which every user of this machine could see.
set -euo pipefail
umask 077

begin='{"name":"microsoft_teams","connection_type":"COMMUNITY","options":{"sourceName":"microsoft_teams","externalOptionsAllowList":"catalogName,channel_filter,channel_id,concurrent_streams,concurrent_tasks,end_date,fetch_all_channels,fetch_all_messages,fetch_all_teams,include_channel_email,include_raw,isDeleteFlow,lookback_seconds,max_concurrent_threads,max_pages_per_batch,max_records_per_batch,max_tasks,member_filter,message_id,metadataKey,min_poll_seconds,name,namespace,namespacePrefix,new_partitions_per_batch,node_path,operation,page_size,parley_hashed,parley_refusals,parley_report,path,read_mode,replay,rewalk_horizon,schemaName,search,settle_seconds,shard,start_date,tableConfigs,tableName,tableNameList,team_filter,team_id,top,use_delta_api"'
options=''

# The value as a text of JSON.
json() {
  printf '%s' "$1" | tr -d '\r' | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$(printf '\t')/\\\\t/g" |
    awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }'
}

# given OPTION VARIABLE: what the variable holds; fails if it is not set.
given() {
  [ -n "${!2:-}" ] || return 1
  options="$options,\"$1\":\"$(json "${!2}")\""
}

# asked OPTION VARIABLE [-s]: what the variable holds, or what is typed; with -s it is not shown.
asked() {
  given "$1" "$2" && return
  read -r ${3:+"$3"} -p "$1: " typed || true
  [ -z "${3:-}" ] || echo >&2
  if ! given "$1" typed; then
    echo "$1 is missing. Set $2." >&2
    exit 1
  fi
}

# Directory (tenant) id of Microsoft Entra, a GUID or a domain.
asked tenant_id PARLEY_MICROSOFT_TEAMS_TENANT_ID
# Application (client) id of the app registration.
asked client_id PARLEY_MICROSOFT_TEAMS_CLIENT_ID
# Value (not id) of a client secret. Either this or a certificate.
# Certificate and private key in PEM, one after the other, in place of a client secret.
given client_secret PARLEY_MICROSOFT_TEAMS_CLIENT_SECRET ||
  given client_certificate PARLEY_MICROSOFT_TEAMS_CLIENT_CERTIFICATE ||
  asked client_secret PARLEY_MICROSOFT_TEAMS_CLIENT_SECRET -s

# Set those that you want to be other than they are.
given cloud PARLEY_MICROSOFT_TEAMS_CLOUD || true
given graph_base_url PARLEY_MICROSOFT_TEAMS_GRAPH_BASE_URL || true
given login_base_url PARLEY_MICROSOFT_TEAMS_LOGIN_BASE_URL || true
given anonymize PARLEY_MICROSOFT_TEAMS_ANONYMIZE || true
given anonymize_key PARLEY_MICROSOFT_TEAMS_ANONYMIZE_KEY || true
given max_concurrent_requests PARLEY_MICROSOFT_TEAMS_MAX_CONCURRENT_REQUESTS || true
given connect_timeout_seconds PARLEY_MICROSOFT_TEAMS_CONNECT_TIMEOUT_SECONDS || true
given headers_timeout_seconds PARLEY_MICROSOFT_TEAMS_HEADERS_TIMEOUT_SECONDS || true
given body_timeout_seconds PARLEY_MICROSOFT_TEAMS_BODY_TIMEOUT_SECONDS || true
given attempt_timeout_seconds PARLEY_MICROSOFT_TEAMS_ATTEMPT_TIMEOUT_SECONDS || true
given max_attempts PARLEY_MICROSOFT_TEAMS_MAX_ATTEMPTS || true
given retry_delay_ms PARLEY_MICROSOFT_TEAMS_RETRY_DELAY_MS || true
given max_retry_seconds PARLEY_MICROSOFT_TEAMS_MAX_RETRY_SECONDS || true
given max_throttle_seconds PARLEY_MICROSOFT_TEAMS_MAX_THROTTLE_SECONDS || true
given max_response_bytes PARLEY_MICROSOFT_TEAMS_MAX_RESPONSE_BYTES || true

body=$(mktemp)
trap 'rm -f "$body"' EXIT
printf '%s%s}}\n' "$begin" "$options" >"$body"
databricks connections create --json "@$body"
