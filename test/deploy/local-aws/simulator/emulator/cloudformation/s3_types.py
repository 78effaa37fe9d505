"""Properties of AWS::S3::Bucket that ministack drops, put through its S3 API."""

from __future__ import annotations

from typing import Any, Callable
from xml.etree.ElementTree import Element, SubElement, tostring

from ministack.core.responses import get_account_id, get_region
from ministack.services import s3
from ministack.services.cloudformation import provisioners

from emulator.answers import ServiceRefused, succeeded
from emulator.cloudformation.registry import Properties

TYPE = "AWS::S3::Bucket"
Put = Callable[[str, bytes], Any]


def install() -> None:
    """Adds the properties, in the order in which AWS needs them: a lock and replication want versions."""
    provisioners._STACK_TAG_PROPERTY[TYPE] = ("Tags", "list")
    provisioners._S3_BUCKET_CONFIGURATIONS += (
        ("OwnershipControls", _ownership, _checked(s3._put_bucket_ownership_controls), s3._delete_bucket_ownership_controls),
        ("BucketEncryption", _encryption, _checked(s3._put_bucket_encryption), s3._delete_bucket_encryption),
        ("ObjectLockConfiguration", _object_lock, _checked(s3._put_object_lock_configuration), _keeps),
        ("LifecycleConfiguration", _lifecycle, _checked(s3._put_bucket_lifecycle), s3._delete_bucket_lifecycle),
        ("LoggingConfiguration", _logging, _put_logging, lambda name: s3._bucket_logging_config.pop(name, None)),
        ("Tags", _tags, _checked(s3._put_bucket_tagging), s3._delete_bucket_tagging),
        ("ReplicationConfiguration", _replication, _checked(s3._put_bucket_replication), s3._delete_bucket_replication),
    )
    apply = provisioners._s3_apply_configurations

    def apply_all(name: str, properties: dict[str, Any], old: dict[str, Any] | None = None) -> None:
        """A bucket with object lock has versions, whatever the template says about them."""
        if str(properties.get("ObjectLockEnabled", False)).lower() == "true":
            s3._bucket_versioning[name] = "Enabled"
            s3._bucket_object_lock.setdefault(name, {"enabled": True, "default_retention": None})
        apply(name, properties, old)

    provisioners._s3_apply_configurations = apply_all
    handler = provisioners._RESOURCE_HANDLERS[TYPE]
    delete = handler["delete"]

    def delete_empty(physical_id: str, properties: dict[str, Any]) -> None:
        if any(key[0] == physical_id and versions for key, versions in s3._object_versions.items()) or (s3._buckets.get(physical_id) or {}).get("objects"):
            raise ServiceRefused("The bucket you tried to delete is not empty. You must delete all versions in the bucket. (BucketNotEmpty)")
        for store in (s3._bucket_replication, s3._bucket_object_lock, s3._bucket_logging_config):
            store.pop(physical_id, None)
        delete(physical_id, properties)

    handler["delete"] = delete_empty


def xml(root: str, content: Properties) -> bytes:
    """A request of the S3 API."""
    element = Element(root, xmlns=s3.S3_NS)
    _fill(element, content)
    return bytes(tostring(element))


def _fill(parent: Element, content: Properties) -> None:
    for name, value in content.items():
        for item in value if isinstance(value, list) else [value]:
            if item is None:
                continue
            child = SubElement(parent, name)
            if isinstance(item, dict):
                _fill(child, item)
            else:
                child.text = str(item).lower() if isinstance(item, bool) else str(item)


def _renamed(content: Properties, **names: str) -> dict[str, Any]:
    """Some members of a property, under the names that the API has for them."""
    return {new: content[old] for old, new in names.items() if old in content}


def _ownership(configuration: Properties) -> bytes:
    return xml("OwnershipControls", {"Rule": configuration["Rules"]})


def _encryption(configuration: Properties) -> bytes:
    rules = []
    for rule in configuration["ServerSideEncryptionConfiguration"]:
        default = dict(rule["ServerSideEncryptionByDefault"])
        if default["SSEAlgorithm"].startswith("aws:kms"):
            default.setdefault("KMSMasterKeyID", f"arn:aws:kms:{get_region()}:{get_account_id()}:alias/aws/s3")
        # SSEAlgorithm comes first in the API's schema.
        default = {"SSEAlgorithm": default.pop("SSEAlgorithm"), **default}
        rules.append({"ApplyServerSideEncryptionByDefault": default, **_renamed(rule, BucketKeyEnabled="BucketKeyEnabled")})
    return xml("ServerSideEncryptionConfiguration", {"Rule": rules})


def _object_lock(configuration: Properties) -> bytes:
    return xml("ObjectLockConfiguration", configuration)


def _lifecycle(configuration: Properties) -> bytes:
    return xml("LifecycleConfiguration", {"Rule": [_lifecycle_rule(rule) for rule in configuration.get("Rules", [])]})


def _lifecycle_rule(rule: Properties) -> dict[str, Any]:
    made: dict[str, Any] = {"ID": rule.get("Id"), "Filter": {"Prefix": rule.get("Prefix", "")}, "Status": rule["Status"]}
    expiration = _renamed(rule, ExpirationInDays="Days", ExpirationDate="Date", ExpiredObjectDeleteMarker="ExpiredObjectDeleteMarker")
    if expiration:
        made["Expiration"] = expiration
    if "NoncurrentVersionExpiration" in rule:
        names = {"NoncurrentDays": "NoncurrentDays", "NewerNoncurrentVersions": "NewerNoncurrentVersions"}
        made["NoncurrentVersionExpiration"] = _renamed(rule["NoncurrentVersionExpiration"], **names)
    if rule.get("Transitions"):
        names = {"TransitionInDays": "Days", "TransitionDate": "Date", "StorageClass": "StorageClass"}
        made["Transition"] = [_renamed(transition, **names) for transition in rule["Transitions"]]
    if rule.get("NoncurrentVersionTransitions"):
        names = {"TransitionInDays": "NoncurrentDays", "StorageClass": "StorageClass"}
        made["NoncurrentVersionTransition"] = [_renamed(transition, **names) for transition in rule["NoncurrentVersionTransitions"]]
    if "AbortIncompleteMultipartUpload" in rule:
        made["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
    return made


def _logging(configuration: Properties) -> bytes:
    target = configuration.get("DestinationBucketName")
    enabled = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": configuration.get("LogFilePrefix", "")}} if target else {}
    return xml("BucketLoggingStatus", enabled)


def _put_logging(name: str, body: bytes) -> None:
    """The target has to be there, in the same account and Region."""
    start, end = b"<TargetBucket>", b"</TargetBucket>"
    target = body.split(start)[1].split(end)[0].decode() if start in body else ""
    if target and (s3._bucket_owner_account(target) != get_account_id() or s3.bucket_region(target) != get_region()):
        raise ServiceRefused("The target bucket for logging does not exist, is not owned by you, or is in another Region. (InvalidTargetBucketForLogging)")
    succeeded(s3._put_bucket_logging(name, body))


def _tags(tags: list[dict[str, str]]) -> bytes:
    return xml("Tagging", {"TagSet": {"Tag": tags}})


def _replication(configuration: Properties) -> bytes:
    rules = []
    for rule in configuration["Rules"]:
        made = {"ID": rule.get("Id"), **{key: value for key, value in rule.items() if key != "Id"}}
        if "Filter" in made or "Priority" in made:
            made.setdefault("Filter", {"Prefix": ""})
            made.setdefault("Priority", 1)
            made.setdefault("DeleteMarkerReplication", {"Status": "Disabled"})
        rules.append(made)
    return xml("ReplicationConfiguration", {"Role": configuration["Role"], "Rule": rules})


def _checked(put: Put) -> Put:
    return lambda name, body: succeeded(put(name, body))


def _keeps(name: str) -> None:
    """Object lock can't be taken off a bucket."""
