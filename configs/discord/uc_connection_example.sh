#!/usr/bin/env bash
# Creates a connection of Unity Catalog for Discord. Made by `parley connection`.
#
# Needs the Databricks CLI, signed in: `databricks auth login`. Options come from the environment variables below; what is
# required and not set is asked for. They reach the CLI by a file that only you can read and that is removed, never as
# an argument, which every user of this machine could see.
set -euo pipefail
umask 077

begin='{"name":"discord","connection_type":"COMMUNITY","options":{"sourceName":"discord","externalOptionsAllowList":"catalogName,channel_id,concurrent_streams,concurrent_tasks,edit_rescan_window,end_date,guild_id,include_raw,include_reaction_users,isDeleteFlow,lookback_seconds,max_pages_per_batch,max_records_per_batch,max_tasks,metadataKey,min_poll_seconds,name,namespace,namespacePrefix,new_partitions_per_batch,node_path,operation,page_size,parley_hashed,parley_refusals,parley_report,path,replay,schemaName,search,settle_seconds,shard,start_date,tableConfigs,tableName,tableNameList"'
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

# Token of the bot, from the page Bot of the developer portal; with or without `Bot ` in front.
asked bot_token PARLEY_DISCORD_BOT_TOKEN -s

# Set those that you want to be other than they are.
given discord_base_url PARLEY_DISCORD_DISCORD_BASE_URL || true
given global_requests_per_second PARLEY_DISCORD_GLOBAL_REQUESTS_PER_SECOND || true
given anonymize PARLEY_DISCORD_ANONYMIZE || true
given anonymize_key PARLEY_DISCORD_ANONYMIZE_KEY || true
given max_concurrent_requests PARLEY_DISCORD_MAX_CONCURRENT_REQUESTS || true
given connect_timeout_seconds PARLEY_DISCORD_CONNECT_TIMEOUT_SECONDS || true
given headers_timeout_seconds PARLEY_DISCORD_HEADERS_TIMEOUT_SECONDS || true
given body_timeout_seconds PARLEY_DISCORD_BODY_TIMEOUT_SECONDS || true
given attempt_timeout_seconds PARLEY_DISCORD_ATTEMPT_TIMEOUT_SECONDS || true
given max_attempts PARLEY_DISCORD_MAX_ATTEMPTS || true
given retry_delay_ms PARLEY_DISCORD_RETRY_DELAY_MS || true
given max_retry_seconds PARLEY_DISCORD_MAX_RETRY_SECONDS || true
given max_throttle_seconds PARLEY_DISCORD_MAX_THROTTLE_SECONDS || true
given max_response_bytes PARLEY_DISCORD_MAX_RESPONSE_BYTES || true

body=$(mktemp)
trap 'rm -f "$body"' EXIT
printf '%s%s}}\n' "$begin" "$options" >"$body"
databricks connections create --json "@$body"
