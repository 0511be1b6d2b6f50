#!/usr/bin/env bash
# Makes the Python environment of the Spark tests in .venv, once: pinned packages from
# scripts/spark-requirements.txt, the Delta jars listed below in .venv/jars, and the other releases of Spark that
# scripts/spark-<release>-requirements.txt name in .venv/pyspark-<release>. What the command spark-pipelines needs beside
# Spark (scripts/pipelines-requirements.txt) goes to .venv/pipelines, so that every other test runs without it.
# Prints the folder. Exit code 42: this machine lacks Python 3.10+ or Java 17+ (the reason is printed).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lock=$root/scripts/spark-requirements.txt
venv=${PARLEY_VENV:-$root/.venv}
stamp=$venv/parley-stamp

# group:artifact:version sha256 - what delta-spark needs beyond the jars inside pyspark itself.
jars='
io.delta:delta-spark_4.2_2.13:4.4.0 27d4fd8b1f879535c573ed1c718177d6a27f24d3e626ba02e216369725721ead
io.delta:delta-storage:4.4.0 c46735481fa8e326b0957be02b4420cbcab4b325bb08009b7f2045a95133f1cc
io.delta:delta-kernel-api:4.4.0 ee9b5a14ac3b7efdff4d61a58478fe8eb0e5a3fbca43889dca7290795fe79a11
io.delta:delta-kernel-defaults:4.4.0 225c975199e4718b38ee5b7e6da7f19e9585024262b2cec2656b32151a856b0b
io.delta:delta-kernel-unitycatalog:4.4.0 cea22dfb4ac562b3cd27bf652697750e8336009d73fb06631363aaaad5345ffa
io.unitycatalog:unitycatalog-client:0.6.0 48257499a86b801a3e2372cec55ac226ca1c1c7eabe5c118e7302f29a1fdbc19
io.unitycatalog:unitycatalog-hadoop:0.6.0 c47b63c961c87102b9e1d63809a0915ba4c86b7652f57c8d39ca3a05b441a150
com.fasterxml.jackson.datatype:jackson-datatype-jdk8:2.13.5 e58761751fea8a00dc626aae1c5f1be38c5cfd487aeb333d933a4ab5f5a73c55
'

say() { echo "spark_venv: $*" >&2; }
lacks() { say "$*"; exit 42; }

find_python() {
  local name
  for name in ${PARLEY_PYTHON:-} python3 python3.13 python3.12 python3.11 python3.10; do
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
      # Of a shell in which this very environment is active, the Python that made it.
      "$name" -c 'import sys; print(sys._base_executable)'
      return
    fi
  done
}

java_major() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  "$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p'
}

# A jar is in place when its bytes are the pinned ones.
check_jars() {
  local folder=$1 coordinates sha artifact version _
  while read -r coordinates sha; do
    [ -n "$coordinates" ] || continue
    IFS=: read -r _ artifact version <<<"$coordinates"
    [ -f "$folder/$artifact-$version.jar" ] || { say "$coordinates is missing"; return 1; }
    [ "$("$venv/bin/python" -c 'import hashlib,sys; print(hashlib.sha256(open(sys.argv[1],"rb").read()).hexdigest())' "$folder/$artifact-$version.jar")" = "$sha" ] ||
      { say "$coordinates: the file is not the pinned one"; return 1; }
  done <<<"$jars"
}

maven_pom() {
  local coordinates sha group artifact version
  echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
  echo '<groupId>parley</groupId><artifactId>jars</artifactId><version>1</version><dependencies>'
  while read -r coordinates sha; do
    [ -n "$coordinates" ] || continue
    IFS=: read -r group artifact version <<<"$coordinates"
    echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version>"
    # Spark brings everything else in its own versions.
    echo '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>'
  done <<<"$jars"
  echo '</dependencies></project>'
}

jars_by_maven() {
  maven_pom >"$venv/pom.xml"
  mvn -q -B -f "$venv/pom.xml" dependency:copy-dependencies -DoutputDirectory="$1" >&2
}

# Without Maven, Spark's own resolver brings the same jars; what Spark has already is left out by its groups.
jars_by_spark() {
  local packages known ivy=$venv/ivy jar coordinates sha group artifact version
  packages=$(awk 'NF { printf "%s%s", sep, $1; sep = "," }' <<<"$jars")
  known='org.apache.*:*,org.slf4j:*,org.scala-lang:*,com.fasterxml.jackson.core:*,com.fasterxml.jackson.datatype:*jsr310'
  known+=',net.bytebuddy:*,org.openapitools:*,com.google.*:*,org.roaringbitmap:*,javax.annotation:*,org.locationtech.jts:*'
  known+=',org.xerial.snappy:*,io.airlift:*,commons-pool:*,commons-logging:*,com.github.luben:*'
  SPARK_LOCAL_IP=127.0.0.1 "$venv/bin/python" - "$ivy" "$packages" "$known" >&2 <<'PY'
import sys
from pyspark.sql import SparkSession
builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.jars.ivy", sys.argv[1])
builder.config("spark.jars.packages", sys.argv[2]).config("spark.jars.excludes", sys.argv[3]).getOrCreate().stop()
PY
  mkdir -p "$1"
  while read -r coordinates sha; do
    [ -n "$coordinates" ] || continue
    IFS=: read -r group artifact version <<<"$coordinates"
    jar=$(find "$ivy" -name "${group}_$artifact-$version.jar" | head -1)
    if [ -n "$jar" ]; then cp "$jar" "$1/$artifact-$version.jar"; fi
  done <<<"$jars"
  rm -rf "$ivy"
}

python=$(find_python)
[ -n "$python" ] || lacks 'needs Python 3.10 or later with venv (set PARLEY_PYTHON to one)'
command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java" >/dev/null || lacks 'needs Java 17 or later (no java in PATH)'
major=$(java_major)
[ "${major:-0}" -ge 17 ] || lacks "needs Java 17 or later (found ${major:-none})"

# Packages in a folder of their own, for whoever puts it before the others in PYTHONPATH.
beside() {
  local folder=$venv/$1 pinned=$2 sum
  [ -f "$pinned" ] || return 0
  sum=$("$venv/bin/python" -c 'import hashlib,sys; print(hashlib.sha256(open(sys.argv[1],"rb").read()).hexdigest())' "$pinned")
  if [ -f "$folder/parley-stamp" ] && [ "$(cat "$folder/parley-stamp")" = "$sum" ]; then return; fi
  say "making $folder"
  rm -rf "$folder"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
    --no-binary pyspark --target "$folder" -r "$pinned" >&2
  echo "$sum" >"$folder/parley-stamp"
}

want="$(printf %s "$jars" | cat "$lock" - | "$python" -c 'import hashlib,sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())') $python"
done_already() { [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && [ -x "$venv/bin/python" ]; }

mkdir -p "$venv"
# Two runs at once: the second waits on the folder itself and then finds the work done.
# The lock belongs to descriptor 9, so it outlives the interpreter that takes it (macOS has no flock command).
exec 9<"$venv"
"$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
if ! done_already; then
  say "making $venv with $python"
  rm -f "$stamp"
  "$python" -m venv --clear "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    --no-binary pyspark -r "$lock" >&2
  if command -v mvn >/dev/null && jars_by_maven "$venv/jars" && check_jars "$venv/jars"; then :; else
    jars_by_spark "$venv/jars"
    check_jars "$venv/jars"
  fi
  echo "$want" >"$stamp"
fi
for pinned in "$root"/scripts/spark-*-requirements.txt; do
  beside "py$(basename "$pinned" -requirements.txt)" "$pinned"
done
beside pipelines "$root/scripts/pipelines-requirements.txt"
echo "$venv"
