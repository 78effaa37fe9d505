"""A service-linked role that is there already is refused as AWS refuses it.

ministack answers EntityAlreadyExists. IAM answers InvalidInput, "Service role name ... has been taken in this account", which
is what programs wait for that may both create the role at the same time.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html
"""

from __future__ import annotations

from typing import Any, Mapping

from ministack.services import iam

ACTION = "CreateServiceLinkedRole"


def install() -> None:
    """Puts AWS's error in the place of ministack's."""
    create = iam._IAM_HANDLERS[ACTION]

    def create_once(parameters: Mapping[str, Any]) -> Any:
        answer = create(parameters)
        if answer[0] != 409:
            return answer
        name = answer[2].decode().split("Role with name ", 1)[1].split(" ", 1)[0]
        return iam._error(400, "InvalidInput", f"Service role name {name} has been taken in this account, please try a different suffix.")

    iam._IAM_HANDLERS[ACTION] = create_once
