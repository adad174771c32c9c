"""The shell of the GM console: the base of its pages, the dashboard, roles, and acts that need a reason.

Apps hang their rooms and panels into it; it imports none of them.
"""
