"""eval: measure search on judged queries, and similar practice on judged neighbours or labels."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from search_service.cli.output import err, out, print_json, print_table, quantity
from search_service.cli.root import main, open_library
from search_service.evaluation import comparison as comparing
from search_service.evaluation import related as neighbours
from search_service.evaluation import run as evaluation
from search_service.evaluation.labels import evaluate_labels, is_labelled
from search_service.settings import Settings


@main.command("eval")
@click.option("--collection", type=click.Path(path_type=Path), help="A folder with a test collection.")
@click.option("--related", is_flag=True, help="Measure the related lists on the judged neighbours instead.")
@click.option("--per-query", is_flag=True, help="List every query (or practice), worst first.")
@click.option("--save", "target", type=click.Path(path_type=Path), help="Write the figures to this file.")
@click.option("--compare", "saved", type=click.Path(path_type=Path), help="Compare with a saved file.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_obj
def evaluate(
    settings: Settings, /, related: bool, per_query: bool, as_json: bool, **files: Path | None
) -> None:
    """Measure search on judged queries, or similar practice on judged neighbours or labels."""
    collection, target, saved = files["collection"], files["target"], files["saved"]
    if related:
        _measure_related(settings, per_query, as_json, alone=not (collection or target or saved))
        return
    if collection and is_labelled(collection):
        _measure_labels(collection, as_json, alone=not (per_query or target or saved))
        return
    before = comparing.read_saved(saved) if saved else None
    if collection:
        err.print("Indexing the collection …")
        measured = evaluation.evaluate_collection(collection)
    else:
        measured = evaluation.evaluate_library(open_library(settings), settings.corpus / "judgements.csv")
    comparison = comparing.compare(before, measured) if before else None
    if target:
        comparing.save(measured, target)
    if as_json:
        shown = comparing.as_json(measured)
        print_json(
            {name: value for name, value in shown.items() if per_query or name != "queries"}
            | ({"comparison": dataclasses.asdict(comparison)} if comparison else {})
        )
        return
    _print_evaluation(measured, per_query)
    if comparison:
        _print_comparison(comparison)


def _measure_labels(folder: Path, as_json: bool, alone: bool) -> None:
    if not alone:
        raise click.UsageError("labelled texts have no queries: only --json goes with them")
    measured = evaluate_labels(folder)
    if as_json:
        print_json(dataclasses.asdict(measured))
        return
    out.print(f"{measured.source}: {measured.texts:,} texts, {measured.labels:,} labels")
    print_table(["precision@10, same label"], [[measured.precision_10]])


def _measure_related(settings: Settings, per_query: bool, as_json: bool, alone: bool) -> None:
    if not alone:
        raise click.UsageError("related lists have no queries: only --per-query and --json go with them")
    measured = neighbours.evaluate_related(open_library(settings), settings.corpus / "related.csv")
    if as_json:
        shown = {"measured": len(measured.practices), "means": {"ndcg_5": measured.mean()}}
        shown |= dataclasses.asdict(measured)
        print_json({name: value for name, value in shown.items() if per_query or name != "practices"})
        return
    if per_query:
        print_table(["", "nDCG@5"], [[one.id, one.ndcg_5] for one in measured.worst_first()])
    practices = quantity(len(measured.practices), "practice")
    line = f"{measured.source}: {practices}, mean nDCG@5 {measured.mean():.3f}"
    out.print(line, soft_wrap=True)
    if measured.left_out:
        out.print(f"Left out, with no neighbour to find: {', '.join(measured.left_out)}.")


def _print_evaluation(measured: evaluation.Evaluation, per_query: bool) -> None:
    names = [metric.name for metric in evaluation.METRICS]
    if per_query:
        print_table(
            ["Query", "", *(metric.single for metric in evaluation.METRICS)],
            [[q.id, q.query, *(getattr(q.figures, n) for n in names)] for q in measured.worst_first()],
        )
    out.print(f"{measured.source}: {quantity(len(measured.queries), 'query')}, means", soft_wrap=True)
    print_table([metric.mean for metric in evaluation.METRICS], [[measured.mean(name) for name in names]])
    if measured.left_out:
        out.print(f"Left out, with nothing relevant to find: {quantity(len(measured.left_out), 'query')}.")


def _print_comparison(comparison: comparing.Comparison) -> None:
    labels = {metric.name: metric.mean for metric in evaluation.METRICS}
    out.print(f"Compared over {quantity(comparison.compared, 'query')}; p of a paired randomisation test")
    print_table(
        ["", "before", "after", "difference", "p"],
        [
            [labels[c.name], c.before, c.after, f"{c.difference:+.3f}", f"{c.p:.4f}"]
            for c in comparison.metrics
        ],
    )
    if comparison.only_one:
        out.print(f"Not compared, being in one of the two only: {quantity(comparison.only_one, 'query')}.")
    if comparison.queries:
        out.print("Changed most, nDCG@10")
        print_table(
            ["Query", "", "before", "after", "difference"],
            [[q.id, q.query, q.before, q.after, f"{q.after - q.before:+.3f}"] for q in comparison.queries],
        )
