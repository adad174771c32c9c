"""The wire as types: every Command, Reply and Update that crosses a socket, and nothing else.

JSON Schema, AsyncAPI, the client's TypeScript and the docs are generated from these types.
"""
