"""The one door for sockets: ticket, hello, decode, limits, dispatch, reply, streams, resume, drain."""
