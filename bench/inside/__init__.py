"""Measurements that a process takes of itself, one module each: `python -m bench.inside.MODULE TASK` prints JSON."""
