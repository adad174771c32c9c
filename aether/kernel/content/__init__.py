"""The game's content: packs of typed documents, checked as a whole, named by a hash and kept for ever."""

from aether.kernel.content.catalogue import expose
from aether.kernel.content.kinds import DocumentError, Keys, SourceFile, register, register_check
from aether.kernel.content.loading import from_documents, from_text, load
from aether.kernel.content.pack import InvalidContentError, LocalText, Pack, PackInfo, Problem
from aether.kernel.content.releases import is_kept, record, release
from aether.kernel.content.running import activate, current, using

__all__ = [
    "DocumentError",
    "InvalidContentError",
    "Keys",
    "LocalText",
    "Pack",
    "PackInfo",
    "Problem",
    "SourceFile",
    "activate",
    "current",
    "expose",
    "from_documents",
    "from_text",
    "is_kept",
    "load",
    "record",
    "register",
    "register_check",
    "release",
    "using",
]
