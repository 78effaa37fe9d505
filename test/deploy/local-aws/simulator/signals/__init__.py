"""What reports on a system: CloudWatch alarms, metric filters, and the rules of event buses, simulated.

Standard library only; no network and no emulator. Every rule is a numbered statement (S-1, ...) of
docs/aws-behaviour.md, which names the page of AWS that says so.
"""
