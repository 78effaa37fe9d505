"""What Amazon S3 checks of a request about an object, and ministack does not: keys, retention, the expected owner of the bucket (E-150 to E-160)."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Mapping

from backup.clock import Clock
from backup.errors import Refused
from ministack import app
from ministack.core import iam_actions, iam_evaluator, router
from ministack.services import s3
from objects.object_lock import MODE, UNTIL, check_put, condition_keys, default_until, retention_of

from emulator import identities, keys

ALGORITHM = "x-amz-server-side-encryption"
KEY_ID = "x-amz-server-side-encryption-aws-kms-key-id"
OWNER = "x-amz-expected-bucket-owner"
NOT_THE_OBJECT = ("acl", "legal-hold", "partNumber", "retention", "tagging", "torrent", "uploadId", "attributes", "annotation")
"""Parameters with which a request is about something beside the object's content."""


class S3Objects:
    """Stands in front of ministack's Amazon S3."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def install(self) -> None:
        """Retention goes by the simulated time, and requests are looked at."""
        s3.now_iso = lambda: datetime.fromtimestamp(self._clock.now(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        lock, context, handle = s3._apply_object_lock_from_headers, iam_actions.s3_service_context, s3.handle_request

        def lock_with_default(bucket: str, key: str, headers: Mapping[str, str], version: Any) -> None:
            default = (s3._bucket_object_lock.get(bucket) or {}).get("default_retention")
            if default and not headers.get(MODE) and not headers.get(UNTIL):
                headers = {**headers, MODE: default["Mode"], UNTIL: default_until(default, self._clock.now())}
            lock(bucket, key, headers, version)

        def context_with_retention(action: str, query: Any, path: str = "", headers: Any = None) -> dict[str, Any]:
            found = dict(context(action, query, path, headers))
            if action == "s3:PutObject" and headers:
                found.update(condition_keys(headers.get(MODE), headers.get(UNTIL), self._clock.now()))
                found["s3:ObjectCreationOperation"] = "true"
                if headers.get("if-none-match"):
                    found["s3:if-none-match"] = headers["if-none-match"]
                if headers.get(KEY_ID):
                    found[f"s3:{KEY_ID}"] = headers[KEY_ID]
            return found

        async def handle_checked(method: str, path: str, headers: Any, body: bytes, query: Any, *rest: Any, **more: Any) -> Any:
            try:
                if not more.get("internal"):
                    self._check(method, path, headers, body, query)
            except Refused as refused:
                return s3._error(refused.code, f"{refused.message} [{refused.statement}]", 403 if refused.code == "AccessDenied" else 400, path)
            return await handle(method, path, headers, body, query, *rest, **more)

        s3._foreign_bucket_allows = _asking_for_the_caller(s3._foreign_bucket_allows)
        s3._apply_object_lock_from_headers = lock_with_default
        iam_actions.s3_service_context = context_with_retention
        s3.handle_request = handle_checked

    def _check(self, method: str, path: str, headers: Any, body: bytes, query: Any) -> None:
        bucket, key = s3._parse_bucket_key(path, headers)
        owner = s3._bucket_owner_account(bucket) if bucket else None
        if owner is None:
            return
        expected = headers.get(OWNER)
        if expected and expected != owner:
            raise Refused("AccessDenied", "Access Denied", "E-157")
        if not key:
            return
        is_content = not any(name in query for name in NOT_THE_OBJECT)
        if method == "PUT" and is_content:
            self._check_put(bucket, key, owner, headers, query)
        elif method == "PUT" and "retention" in query:
            mode, until = retention_of(body)
            self._allowed(headers, query, "s3:PutObjectRetention", bucket, key, condition_keys(mode, until, self._clock.now()), "E-153")
        elif method == "GET" and is_content:
            version = (query.get("versionId") or [None])[0]
            with s3._in_account(owner):
                found = _record(bucket, key, version)
            name = (found or {}).get("preserved_headers", {}).get(KEY_ID)
            self._may_use_key(headers, query, "kms:Decrypt", name, bucket, key, owner)

    def _check_put(self, bucket: str, key: str, owner: str, headers: Any, query: Any) -> None:
        with s3._in_account(owner):
            lock = s3._bucket_object_lock.get(bucket)
            encryption, _ = s3._resolve_sse_write_headers(headers, bucket)
        check_put(headers, bool(lock and lock.get("default_retention")), self._clock.now())
        if headers.get(MODE):
            given = condition_keys(headers[MODE], headers[UNTIL], self._clock.now())
            self._allowed(headers, query, "s3:PutObjectRetention", bucket, key, given, "E-152")
        self._may_use_key(headers, query, "kms:GenerateDataKey", (encryption or {}).get(KEY_ID), bucket, key, owner)

    @staticmethod
    def _allowed(headers: Any, query: Any, action: str, bucket: str, key: str, given: dict[str, Any], statement: str) -> None:
        """Whether policies of the caller and of the bucket allow an action beside the called one."""
        if not app.AUTH:
            return
        owner, resource = str(s3._bucket_owner_account(bucket)), f"arn:aws:s3:::{bucket}/{key}"
        caller, region = iam_evaluator.request_caller_arn(headers, query), _region_of(bucket, owner)
        policy = s3._bucket_policies.get_scoped(owner, None, bucket)
        verdict = identities.decide_policy(json.loads(policy), caller, action, resource, given) if policy else "NoMatch"
        is_foreign = identities.account_of(caller) != owner
        denied = iam_evaluator.enforce(router.extract_access_key_id(headers, query), action, "s3", region, resource_arn=resource, service_context=given)
        if denied or verdict == "Deny" or (is_foreign and verdict != "Allow"):
            raise Refused("AccessDenied", f"User: {caller} is not authorized to perform: {action} on resource: {resource}", statement)

    @staticmethod
    def _may_use_key(headers: Any, query: Any, action: str, name: Any, bucket: str, key: str, owner: str) -> None:
        """The caller needs the key of an encrypted object as well."""
        if not app.AUTH or not name:
            return
        region = _region_of(bucket, owner)
        found = keys.find_key(str(name), owner, region)
        if found is None or found.manager == "AWS":
            return
        caller = iam_evaluator.request_caller_arn(headers, query)
        if found.state != "Enabled":
            raise Refused("KMS.DisabledException", f"{found.arn} is {found.state}.", "E-158")
        context = {
            "kms:ViaService": f"s3.{region}.amazonaws.com",
            "kms:CallerAccount": caller.split(":")[4],
            "kms:ResourceAliases": keys.aliases_of(found.arn),
            "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{bucket}" if _has_bucket_key(bucket, owner) else f"arn:aws:s3:::{bucket}/{key}",
        }
        if not keys.may_use(caller, action, found, context):
            raise Refused("AccessDenied", f"User: {caller} is not authorized to perform: {action} on resource: {found.arn}", "E-158")


def _asking_for_the_caller(original: Any) -> Any:
    """Buckets of other accounts: ministack asks their policy about the account of the caller, and never about its role."""

    def allows(owner: str, bucket: str, key: str, method: str, query: Any, caller: str, headers: Any = None) -> bool:
        policy = s3._bucket_policies.get_scoped(owner, None, bucket)
        if app.AUTH and caller and policy:
            path = f"/{bucket}/{key}" if key else f"/{bucket}"
            action = f"s3:{iam_actions._s3_action(method, path, query)}"
            with s3._in_account(owner):
                given = iam_actions.s3_service_context(action, query, path, headers or {})
            arn = iam_evaluator.request_caller_arn(headers or {}, query)
            verdict = identities.decide_policy(json.loads(policy), arn, action, f"arn:aws:s3:::{path[1:]}", given)
            if verdict != "NoMatch":
                return verdict == "Allow"
        return bool(original(owner, bucket, key, method, query, caller, headers))

    return allows


def _region_of(bucket: str, owner: str) -> str:
    with s3._in_account(owner):
        return str(s3.bucket_region(bucket))


def _has_bucket_key(bucket: str, owner: str) -> bool:
    """With an S3 Bucket Key the encryption context is the bucket, otherwise the object."""
    with s3._in_account(owner):
        return "BucketKeyEnabled>true" in (s3._bucket_encryption.get(bucket) or "")


def _record(bucket: str, key: str, version: Any) -> Any:
    """An object, or a version of it."""
    for entry in s3._object_versions.get((bucket, key), []) if version else []:
        if entry.get("version_id") == version:
            return entry
    return (s3._buckets.get(bucket) or {}).get("objects", {}).get(key)
