"""Holds the Python example against the README, with the package as it is published."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent
# Where the first example of the README was synthesized, with the npm package of the same build.
README_ASSEMBLY = Path(os.environ["README_ASSEMBLY"])


def run(script, **env):
    return subprocess.run([sys.executable, str(HERE / script)], env={**os.environ, **env}, capture_output=True, text=True)


def templates(assembly):
    return {file.name: json.loads(file.read_text()) for file in Path(assembly).glob("*.template.json")}


class PythonExample(unittest.TestCase):
    maxDiff = None

    def test_makes_the_same_templates_as_the_readme(self):
        with tempfile.TemporaryDirectory() as assembly:
            result = run("app.py", CDK_OUTDIR=assembly)
            self.assertEqual(result.returncode, 0, result.stderr)
            made = templates(assembly)
        self.assertEqual(sorted(made), ["Backups.template.json", "Backupssupporteuwest11D5650E4.template.json"])
        self.assertEqual(made, templates(README_ASSEMBLY))

    def test_says_everything_that_is_wrong_with_a_plan(self):
        result = run("refused.py")
        self.assertEqual(result.returncode, 0, result.stderr)
        for problem in [
            "invalid TieredBackupPlanProps at 'Backups/Plan':",
            "- 'deleteAfter' of tier 'daily' must be at least 7 days, the 'minRetention' of the lock of vault 'orders', got 6 days",
            "- 'deleteAfter' of tier 'weekly' must be at most 180 days, the 'maxRetention' of the lock of vault 'orders', got 360 days",
            "- the copy of tier 'weekly' into 'orders-replica': 'deleteAfter' must be at most 180 days, "
            "the 'maxRetention' of the lock of vault 'orders-replica', got 360 days",
            "- the start windows of 'tiers' 'daily' (Sunday 05:00 to 06:00) and 'weekly' (from Sunday 05:00) overlap: AWS Backup then makes one backup, "
            "that of 'weekly', since it is kept longer (360 days), without what only the other one has: the recovery point tags of 'daily' (kind)",
        ]:
            self.assertIn(problem, result.stdout)


if __name__ == "__main__":
    unittest.main()
