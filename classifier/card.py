"""A model's card: what it is for, how it was made, what it is worth and where that figure comes from.

`card.json` is for programs and for making the model again; `card.md` says the same to people, in two languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def page(card: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """The card as a page."""
    return "\n".join([*_indonesian(card, metrics), "", *_english(card, metrics), "", *_tables(card, metrics), ""])


def _indonesian(card: Mapping[str, Any], metrics: Mapping[str, Any]) -> list[str]:
    promise = card["promise"]
    routed = (
        "Tidak ada ambang yang dapat menjamin janji itu: semua draf diputuskan orang."
        if promise["threshold"] is None
        else f"Ambang {promise['threshold']:.3f}: {promise['passed']} dari {promise['posts']} kiriman lolos."
    )
    return [
        f"# Kartu model {card['version']}",
        "",
        "## Bahasa Indonesia",
        "",
        "Model ini membaca kiriman warga: apakah itu aduan, jenisnya, dan OPD yang menanganinya. Ia mengusulkan; orang "
        "memutuskan. Jangan dipakai untuk menilai orang atau OPD.",
        "",
        f"- Belajar dari {card['data']['rows']} kiriman berlabel ({card['data']['note_id']}).",
        f"- Janji: paling banyak {promise['error']:.0%} draf yang langsung diteruskan salah OPD. {routed}",
        "- Lemah pada: sindiran, balasan pendek tanpa konteks, dua masalah dalam satu kiriman, OPD yang jarang.",
    ]


def _english(card: Mapping[str, Any], metrics: Mapping[str, Any]) -> list[str]:
    promise = card["promise"]
    routed = (
        "No threshold can keep that promise: a person decides every draft."
        if promise["threshold"] is None
        else f"Threshold {promise['threshold']:.3f}: {promise['passed']} of {promise['posts']} posts pass, "
        f"{promise['wrong']} of them wrong."
    )
    return [
        "## English",
        "",
        "Reads citizens' posts: complaint or not, of what kind, whose matter. It proposes; people decide. Not for "
        "judging people or offices.",
        "",
        f"- Learnt from {card['data']['rows']} labelled posts ({card['data']['note_en']}), data hash "
        f"`{card['data']['sha256'][:16]}`.",
        f"- Promise: at most {promise['error']:.0%} of routed drafts have the wrong OPD. {routed} Learnt on held-out "
        "posts (fixed-sequence learn then test, 95 % over calibrations), for posts of the same kind only.",
        "- Weak on: sarcasm, short replies without their parent, two matters in one post, rarely named offices.",
        f"- Made {card['made_at']} with seed {card['recipe']['seed']}, code {card['code']}, "
        + ", ".join(f"{name} {version}" for name, version in card["libraries"].items())
        + f". Licence: {card['licence']}.",
    ]


def _tables(card: Mapping[str, Any], metrics: Mapping[str, Any]) -> list[str]:
    lines = [
        "## Figures",
        "",
        "Each with its 95 % interval.",
        "",
        "| split | question | figure | n | value | from | to |",
    ]
    lines.append("|---|---|---|---|---|---|---|")
    for split, figures in metrics.items():
        lines += _figures(split, figures)
    lines += ["", "## Labelled posts", "", "| question | label | posts |", "|---|---|---|"]
    for question, counts in card["data"]["labels"].items():
        lines += [f"| {question} | {label} | {count} |" for label, count in counts.items()]
    for question, labels in card["data"]["folded"].items():
        lines += [f"| {question} | {label} | too few: a person decides |" for label in labels]
    return lines


def _figures(split: str, figures: Mapping[str, Any]) -> list[str]:
    lines = []
    for question in ("actionable", "category", "opd", "priority"):
        for name, value in figures.get(question, {}).items():
            if isinstance(value, list) and value and value[0] is not None:
                cells = " | ".join(f"{part:.3f}" for part in value)
                lines.append(f"| {split} | {question} | {name} | {figures[question]['n']} | {cells} |")
    return lines
