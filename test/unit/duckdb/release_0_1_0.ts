/**
 * What release 0.1.0 left in a file: its own statements for the state, for the targets of `notes` and `labels`, and a few
 * rows. Never to be changed: it is how files look that people have.
 */
export const RELEASE_0_1_0 = `
CREATE SCHEMA IF NOT EXISTS parley;
CREATE TABLE IF NOT EXISTS parley.schema_version (version INTEGER NOT NULL, installed_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS parley.connections (connection VARCHAR PRIMARY KEY, source VARCHAR NOT NULL, account VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS parley.jobs (connection VARCHAR, job VARCHAR, source_table VARCHAR NOT NULL, scd_type VARCHAR NOT NULL,
  primary_keys VARCHAR NOT NULL, hashed_columns VARCHAR NOT NULL, created_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (connection, job));
CREATE TABLE IF NOT EXISTS parley.cursors (connection VARCHAR, job VARCHAR, "partition" VARCHAR, cursor VARCHAR NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (connection, job, "partition"));
CREATE TABLE IF NOT EXISTS parley.coverage (connection VARCHAR, job VARCHAR, "partition" VARCHAR, params VARCHAR NOT NULL, state VARCHAR NOT NULL,
  synced_until TIMESTAMPTZ, code VARCHAR, message VARCHAR, missing_since TIMESTAMPTZ, run_id VARCHAR NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (connection, job, "partition"));
CREATE TABLE IF NOT EXISTS parley.snapshot_seen (connection VARCHAR, job VARCHAR, "partition" VARCHAR, key VARCHAR, generation BIGINT NOT NULL,
  PRIMARY KEY (connection, job, "partition", key));
CREATE TABLE IF NOT EXISTS parley.quarantine (connection VARCHAR, job VARCHAR, "partition" VARCHAR, code VARCHAR NOT NULL, message VARCHAR NOT NULL,
  "row" VARCHAR NOT NULL, row_hash VARCHAR, quarantined_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (connection, job, "partition", row_hash));
CREATE TABLE IF NOT EXISTS parley.runs (run_id VARCHAR PRIMARY KEY, connection VARCHAR NOT NULL, source VARCHAR NOT NULL, status VARCHAR NOT NULL,
  started_at TIMESTAMPTZ NOT NULL, completed_at TIMESTAMPTZ, result VARCHAR);
INSERT INTO parley.schema_version VALUES (1, now());
INSERT INTO parley.connections VALUES ('prod', 'notes', 'acme');
INSERT INTO parley.runs VALUES ('r1', 'prod', 'notes', 'ok', '2026-01-01', '2026-01-01', '{"errors":[]}'), ('r2', 'prod', 'notes', 'running', '2026-01-02', NULL, NULL);
CREATE SCHEMA IF NOT EXISTS "test";
CREATE TABLE IF NOT EXISTS "test"."notes" ("id" VARCHAR NOT NULL, "changed" TIMESTAMPTZ, "body" STRUCT("content" VARCHAR), "tags" VARCHAR[], "_rescued_data" VARCHAR, "_content_hash" VARCHAR);
CREATE TABLE IF NOT EXISTS "test"."labels" ("id" VARCHAR NOT NULL, "changed" TIMESTAMPTZ, "body" STRUCT("content" VARCHAR), "tags" VARCHAR[], "_rescued_data" VARCHAR, "_content_hash" VARCHAR);
COMMENT ON TABLE "test"."notes" IS 'Notes.';
INSERT INTO parley.jobs VALUES
  ('prod', 'test.notes', 'notes', 'SCD_TYPE_1', '["id"]', '["id","changed","body","tags"]', '2026-01-01'),
  ('prod', 'test.labels', 'labels', 'SCD_TYPE_1', '["id"]', '["id","changed","body","tags"]', '2026-01-01');
INSERT INTO "test"."notes" VALUES
  ('a', '1970-01-01 00:00:05+00', {'content': 'x'}, ['x', NULL, 'x'], NULL, '12812bd40e0fbf75667eb63f64c51edd'),
  ('b', '1970-01-01 00:00:05+00', {'content': 'x'}, ['x', NULL, 'x'], NULL, '7ea0f4eb2c1b479c08244efcb8098695');
INSERT INTO "test"."labels" VALUES
  ('c', '1970-01-01 00:00:05+00', {'content': 'x'}, ['x', NULL, 'x'], NULL, 'd157bdd46294741dc49c8a4680421fce'),
  ('d', '1970-01-01 00:00:05+00', {'content': 'x'}, ['x', NULL, 'x'], NULL, '9739d9dd76b2febad99d14e1aec078e2');
INSERT INTO parley.snapshot_seen VALUES ('prod', 'test.labels', 'p', '["c"]', 100), ('prod', 'test.labels', 'p', '["d"]', 100);
INSERT INTO parley.cursors VALUES ('prod', 'test.notes', 'p', '{"t":7,"v":1}', now()), ('prod', 'test.labels', 'p', '{"t":100,"v":1}', now());
INSERT INTO parley.coverage VALUES
  ('prod', 'test.notes', 'p', '{"id":"p","team_id":"p"}', 'ok', make_timestamptz(7000), NULL, NULL, NULL, 'r1', now()),
  ('prod', 'test.notes', 'q', '{"id":"q","team_id":"q"}', 'refused', NULL, 'PARLEY_PERMISSION_MISSING', 'no', make_timestamptz(8000), 'r1', now());
INSERT INTO parley.quarantine VALUES ('prod', 'test.notes', 'p', 'key_missing', 'no id', '{}', sha256('{}'), now());
`
