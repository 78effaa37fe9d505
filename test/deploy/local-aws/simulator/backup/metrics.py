"""Metrics of AWS Backup (B-280 to B-286)."""

from __future__ import annotations

from .engine import Engine


def count(engine: Engine, account: str, region: str, metric: str, vault_name: str, resource_type: str) -> None:
    """One more, with the vault alone and with the type of resource besides (B-280, B-286), at once (B-285).

    Points are counted in their vault, copies as well (B-284).
    """
    vault = {"BackupVaultName": vault_name}
    engine.world.measure(account, region, metric, vault, 1.0)
    engine.world.measure(account, region, metric, {**vault, "ResourceType": resource_type}, 1.0)
