"""REST: strict bodies, one shape for every refusal, throttles, and what the schema says of them."""

from aether.kernel.rest.bodies import JsonBodyParser, read_body
from aether.kernel.rest.documenting import documented
from aether.kernel.rest.refusals import MethodNotAllowedError, refusal_response, refuse, refuse_forged
from aether.kernel.rest.throttles import AccountThrottle, AddressThrottle

__all__ = [
    "AccountThrottle",
    "AddressThrottle",
    "JsonBodyParser",
    "MethodNotAllowedError",
    "documented",
    "read_body",
    "refusal_response",
    "refuse",
    "refuse_forged",
]
