"""What the benchmarks share: the machine's name, tables, and a section of a document that a run rewrites."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path


def machine() -> str:
    """Processor, cores and system in one line."""
    return f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def processor() -> str:
    """The processor's name as the system gives it."""
    is_mac = platform.system() == "Darwin"
    command = ["sysctl", "-n", "machdep.cpu.brand_string"] if is_mac else ["lscpu"]
    try:
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return platform.processor() or "unknown processor"
    if is_mac:
        return output.strip()
    fields = dict(line.split(":", 1) for line in output.splitlines() if ":" in line)
    return fields.get("Model name", "unknown processor").strip()


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table that also reads well on a terminal; all columns but the first to the right."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        first, *others = zip(cells, widths, strict=True)
        return "| " + " | ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]) + " |"

    rule = "| " + " | ".join(["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]) + " |"
    return "\n".join([line(header), rule, *map(line, rows)])


def write_section(document: Path, name: str, body: str) -> None:
    """Replaces what stands between `<!-- NAME -->` and `<!-- /NAME -->`, or adds it at the end."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    section = f"{begin}\n{body.strip()}\n{end}"
    text = document.read_text(encoding="utf-8") if document.exists() else ""
    before, found, rest = text.partition(begin)
    if found:
        text = before + section + rest.partition(end)[2]
    else:
        text = f"{text.rstrip()}\n\n{section}\n".lstrip()
    document.write_text(text, encoding="utf-8")
