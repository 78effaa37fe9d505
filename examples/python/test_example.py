"""Compares the Python examples with those in TypeScript, with the package as it is published."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent
# Where the examples in TypeScript were synthesized, each in a folder of its name, with the npm package of the same build.
EXAMPLE_ASSEMBLIES = Path(os.environ["EXAMPLE_ASSEMBLIES"])


def run(script, **env):
    return subprocess.run([sys.executable, str(HERE / script)], env={**os.environ, **env}, capture_output=True, text=True)


def templates(assembly):
    return {file.name: json.loads(file.read_text()) for file in Path(assembly).glob("*.template.json")}


def read_report(assembly):
    """The recovery report, which every synthesis writes, in whatever language the app is."""
    return {name: (Path(assembly) / f"recovery-report.{name}").read_text() for name in ["json", "md", "html"]}


class PythonExample(unittest.TestCase):
    maxDiff = None

    def assert_same_templates(self, script, example, names):
        with tempfile.TemporaryDirectory() as assembly:
            result = run(script, CDK_OUTDIR=assembly)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertNotIn("WARNING", result.stderr.upper())
            made = templates(assembly)
            report = read_report(assembly)
        self.assertEqual(report, read_report(EXAMPLE_ASSEMBLIES / example))
        self.assertEqual(sorted(made), [f"{name}.template.json" for name in names])
        self.assertEqual(made, templates(EXAMPLE_ASSEMBLIES / example))

    def test_one_account_has_the_same_templates(self):
        self.assert_same_templates("app.py", "single-account", ["Backups", "Backupssupporteuwest11D5650E4"])

    def test_two_accounts_have_the_same_templates(self):
        self.assert_same_templates(
            "two_accounts.py", "two-accounts", ["Archive", "Archivesupporteuwest1622FF0E2", "Backups", "Orders", "Organization"]
        )

    def test_says_everything_that_is_wrong_with_a_plan(self):
        result = run("refused.py")
        self.assertEqual(result.returncode, 0, result.stderr)
        for problem in [
            "invalid TieredBackupPlanProps at 'Backups/Plan':",
            "- 'deleteAfter' (delete_after) of tier 'daily' must be at least 7 days, the 'minRetention' (min_retention) of the lock of vault 'orders', got 6 days",
            "- 'deleteAfter' (delete_after) of tier 'weekly' must be at most 180 days, the 'maxRetention' (max_retention) of the lock of vault 'orders', got 360 days",
            "- the copy of tier 'weekly' into 'orders-replica': 'deleteAfter' (delete_after) must be at most 180 days, "
            "the 'maxRetention' (max_retention) of the lock of vault 'orders-replica', got 360 days",
            "- the start windows of 'tiers' 'daily' (Sunday 05:00 to 06:00) and 'weekly' (from Sunday 05:00) overlap: AWS Backup then creates only one backup, "
            "that of 'weekly', because it is kept longer (360 days), and the following is lost: the recovery point tags of 'daily' (kind)",
        ]:
            self.assertIn(problem, result.stdout)


if __name__ == "__main__":
    unittest.main()
