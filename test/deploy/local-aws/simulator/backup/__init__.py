"""AWS Backup, simulated: state, clock and rules. Standard library only; no network and no emulator.

Every rule is a numbered statement of docs/aws-behaviour.md.
"""
