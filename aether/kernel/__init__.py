"""What every app may know: refusals, time, dice, the journal, facts, dispatch, realtime, live state, content.

The kernel imports no app.
"""
