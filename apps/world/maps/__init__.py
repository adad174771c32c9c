"""From maps drawn in Tiled to what the game plays on and back, and the checks that keep them playable."""

from apps.world.maps.checks import check_zones
from apps.world.maps.compiling import compile_map
from apps.world.maps.exporting import as_tmx
from apps.world.maps.inhabitants import check_inhabitants
from apps.world.maps.life import check_life
from apps.world.maps.passages import check_passages
from apps.world.maps.placed import check_things
from apps.world.maps.project import PROJECT_FILE, pictures_in, tiled_project

MAP_SUFFIXES = (".tmj", ".tmx")

__all__ = [
    "MAP_SUFFIXES",
    "PROJECT_FILE",
    "as_tmx",
    "check_inhabitants",
    "check_life",
    "check_passages",
    "check_things",
    "check_zones",
    "compile_map",
    "pictures_in",
    "tiled_project",
]
