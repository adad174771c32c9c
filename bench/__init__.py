"""What is measured, and how: `python -m bench` prints tables and writes JSON."""
