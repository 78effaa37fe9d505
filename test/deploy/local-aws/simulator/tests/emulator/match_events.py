"""Says of each `{"pattern": ..., "event": ...}` of the list on stdin what ministack's TestEventPattern says: true, false or a refusal."""

from __future__ import annotations

import json
import sys

from ministack.services import eventbridge


def main() -> None:
    """Prints a list in the same order."""
    print(json.dumps([decide(json.dumps(case["pattern"]), json.dumps(case["event"])) for case in json.load(sys.stdin)]))


def decide(pattern: str, event: str) -> bool | str:
    """What comes of one."""
    status, _, body = eventbridge._test_event_pattern({"EventPattern": pattern, "Event": event})
    return json.loads(body)["Result"] if status == 200 else body.decode()


if __name__ == "__main__":
    main()
