"""One table that is listed whole every time, into its Delta table."""

from __future__ import annotations

from pyspark.sql.functions import col

from .apply import Changes, apply_rows
from .gone import missing_lines
from .ingest_run import IngestRun, Outcome
from .refusals import all_refused_error
from .snapshots import NEVER, Lost, SeenKeys
from .staged import Staged
from .state import Line, begin_partitions, load_coverage, params_of, save_coverage
from .table import Table, View
from .target import Job, Target


def ingest_snapshot(run: IngestRun, job: Job, target: Target, options: dict[str, str]) -> Outcome:
    """Partitions that answer are applied, those that refuse keep their rows.

    :param options: for the read, so that its rows come with facts
    """
    table = run.table(job)
    view = table.plan()
    held = load_coverage(run.spark, run.connection, target.table)
    staged = Staged(target, run.spark.read.format(run.program.name).options(**options).load())
    marks = staged.marks.collect()
    # One that came between the look and the read waits for the next run.
    unknown = {one.partition for one in marks} - {*view.partitions, *held}
    rows = staged.rows.where(~col("_partition").isin(*unknown)) if unknown else staged.rows
    told = [one for one in marks if one.partition not in unknown]
    refusals = {one.partition: one.asDict() for one in told if one.kind == "refused"}
    if refusals and len(refusals) == len(told):
        raise all_refused_error(job.source_table, refusals)
    begin_partitions(run.spark, run.connection, target.table, held, view.partitions.values())
    seen = SeenKeys(run.spark, run.connection, target.table)
    # Before the rows: of a row that is stored and not noted nobody would find out that it went.
    seen.note(target, rows)
    changes = apply_rows(run.spark, target, rows)
    listed = [one for one in told if one.kind == "listed"]
    lost = [one for line in listed for one in lost_of_listing(job, table, view, line, held.get(line.partition), seen)]
    lines = lines_of_read(run, view, told, held)
    missing = missing_lines(table, view, held, run.run_id)
    gone = [line for line in missing if line.state == "gone"]
    lost += [Lost(line.partition, NEVER, int(line.missing_since.timestamp() * 1000)) for line in gone]
    vanished = seen.remove(target, lost)
    save_coverage(run.spark, run.connection, target.table, [*lines, *missing])
    refused = {line.partition: line._asdict() for line in [*lines, *missing] if line.state == "refused"}
    refused.update({one: {**refusal} for one, refusal in view.refused.items()})
    return Outcome(changes.plus(Changes(0, 0, vanished)), refused)


def lost_of_listing(job: Job, table: Table, view: View, listed, before: Line | None, seen: SeenKeys) -> list[Lost]:
    """What a whole listing takes away. One of a single page is one look and believed; of several, where rows can slip
    between pages, a row goes when the listing before lacked it too."""
    partition, generation = listed.partition, listed.generation
    if view.asks_for_rows and not is_narrowed_key(job):
        keys = seen.unseen(partition, generation)
        if not keys:
            return []
        asked = table.look_at_keys(keys, job.primary_keys, generation, bool(listed.narrowed))
        seen.keep(partition, asked["kept"], generation)
        return [Lost(partition, generation, generation, asked["absent"])] if asked["absent"] else []
    if listed.narrowed:
        return []
    previous = before.generation if before is not None else None
    bound = generation if listed.pages <= 1 else min(previous if previous is not None else -NEVER, generation)
    return [Lost(partition, bound, generation)]


def is_narrowed_key(job: Job) -> bool:
    """The spec's keys are not those that the API knows rows by."""
    return not set(job.table_keys) <= set(job.primary_keys)


def lines_of_read(run: IngestRun, view: View, told: list, held: dict[str, Line]) -> list[Line]:
    lines = []
    for one in told:
        partition = view.partitions.get(one.partition)
        if one.kind == "listed":
            params = params_of(partition) if partition else held[one.partition].params
            lines.append(Line(one.partition, params, "ok", generation=one.generation, run_id=""))
        elif one.kind == "refused" and partition:
            before = held.get(one.partition)
            generation = before.generation if before else None
            said = (one.code, one.message, one.remedy)
            lines.append(Line(one.partition, params_of(partition), "refused", *said, None, generation, ""))
    return lines
