"""From maps drawn in Tiled to what the game plays on, and the checks that keep them playable."""

from apps.world.maps.checks import check_zones
from apps.world.maps.compiling import compile_map

__all__ = ["check_zones", "compile_map"]
