"""`manage.py compile_maps`: says what the maps of a pack are and what is wrong with them; writes them out."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from aether.kernel import content
from apps.world.definitions import MapDef
from apps.world.maps import MAP_SUFFIXES, PROJECT_FILE, as_tmx, compile_map, pictures_in, tiled_project


class Command(BaseCommand):
    help = "Compile the maps of a content pack: one problem a line, exit code 1 when there is any."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", default=str(settings.CONTENT_PACK), help="The pack's folder.")
        parser.add_argument("--map", action="append", default=[], help="Only this map; may be repeated.")
        parser.add_argument("--export", choices=["tmx", "json"], help="Also write each map in this form.")
        parser.add_argument("--project", action="store_true", help="Also write the project file for Tiled.")
        parser.add_argument("--to", default="compiled_maps", help="The folder to write to.")

    def handle(self, *args: Any, **options: Any) -> None:
        pack = Path(options["path"])
        compiled, problems = self._compiled(pack, set(options["map"]))
        if not problems and not options["map"]:
            problems = _problems_of_the_whole(pack)
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            raise SystemExit(1)
        for document in compiled:
            drawn = msgspec.convert(document, MapDef)
            self.stdout.write(_said(drawn))
            if options["export"]:
                self._write(document, drawn, options["export"], Path(options["to"]))
        if options["project"]:
            project = tiled_project(content.load(pack), pictures_in(pack / "maps"))
            text = json.dumps(project, indent=1, ensure_ascii=False)
            (pack / "maps" / PROJECT_FILE).write_text(f"{text}\n")

    def _compiled(self, pack: Path, wanted: set[str]) -> tuple[list[dict[str, Any]], list[content.Problem]]:
        """Compile every map of the pack, or those wanted; return them, and what is wrong with the others."""
        files = [path for path in _files(pack) if not wanted or path.stem in wanted]
        if missing := sorted(wanted - {path.stem for path in files}):
            raise CommandError(f"{pack} has no map {', '.join(missing)}")
        compiled, problems = [], []
        for path in files:
            try:
                compiled.append(compile_map(content.SourceFile(path, path.relative_to(pack).as_posix())))
            except content.InvalidContentError as error:
                problems += error.problems
        return compiled, problems

    def _write(self, document: dict[str, Any], drawn: MapDef, form: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{drawn.id}.{form}"
        path.write_bytes(as_tmx(drawn).encode() if form == "tmx" else msgspec.json.encode(document))
        self.stdout.write(f"  written to {path}")


def _files(pack: Path) -> Iterator[Path]:
    return (path for path in sorted((pack / "maps").rglob("*")) if path.suffix in MAP_SUFFIXES)


def _problems_of_the_whole(pack: Path) -> list[content.Problem]:
    """Return what only shows when everything is looked at together: exits, people, ways, spawns."""
    try:
        content.load(pack)
    except content.InvalidContentError as error:
        return error.problems
    return []


def _said(drawn: MapDef) -> str:
    counts = {
        "walkable cells": drawn.walk.count("1"),
        "exits": len(drawn.exits),
        "people": len(drawn.npcs),
        "objects": len(drawn.objects),
        "regions": len(drawn.regions),
    }
    found = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{drawn.id}: {drawn.width}×{drawn.height}, {found}, hash {drawn.hash}"
