"""Which version of ministack this package is written for, and every name of ministack that it uses.

ministack has no plug-in interface: nearly all of these names are private and may go with any release. They
stand in one list, which is looked through before anything starts, so that a release without one of them is
refused by a sentence that names it, and not by a traceback in the middle of a deployment.
"""

from __future__ import annotations

import importlib
from importlib import metadata
from typing import Callable, Mapping, Sequence

VERSION = "1.5.33"
"""The version in requirements.in."""

ANY_VERSION = "LOCAL_AWS_ANY_MINISTACK"
"""The environment variable that lets another version pass, so that the names of a newer one can be looked through."""

USED: dict[str, tuple[str, ...]] = {
    "app": (
        "AUTH",
        "SERVICE_HANDLERS",
        "_dispatch_service_request",
        "_routing_params",
        "app",
        "pin_request_origin",
    ),
    "core.concurrency": (
        "esm_wake",
        "spawn_background",
    ),
    "core.iam_actions": (
        "SERVICE_TO_IAM_NAMESPACE",
        "_s3_action",
        "extract_iam_action",
        "extract_resource_arn",
        "request_tag_context",
        "s3_service_context",
    ),
    "core.iam_evaluator": (
        "EvalContext",
        "_account_from_arn",
        "_gather_role_policies",
        "_gather_user_policies",
        "_permissions_boundary",
        "_principal_org_id",
        "_request_caller_arn",
        "_resolve_condition_key",
        "caller_arn",
        "enforce",
        "evaluate",
        "evaluate_resource_policy",
        "request_caller_arn",
    ),
    "core.lambda_runtime": (
        "_lock",
        "_workers",
        "kill_workers",
        "release_worker",
        "reset",
    ),
    "core.responses": (
        "AccountRegionScopedDict",
        "error_response_json",
        "get_account_id",
        "get_region",
        "json_response",
        "new_uuid",
        "request_scope",
    ),
    "core.router": (
        "SERVICE_PATTERNS",
        "detect_service",
        "extract_access_key_id",
    ),
    "core.sigv4": (
        "request_time_failure",
    ),
    "core.tls": (
        "resolve_tls_material",
    ),
    "services.alb": (
        "_ACTION_MAP",
        "_error",
        "_listeners",
        "_p",
        "_parse_targets_param",
        "_rules",
        "_targets",
        "_tgs",
        "_xml",
    ),
    "services.backup": (
        "handle_request",
    ),
    "services.budgets": (
        "_budgets",
        "_create_budget",
        "_delete_budget",
        "_update_budget",
    ),
    "services.cloudformation.handlers": (
        "_ACTION_HANDLERS",
    ),
    "services.cloudformation.helpers": (
        "_error",
        "_p",
    ),
    "services.cloudformation.provisioners": (
        "_REPLACING_PROPERTIES",
        "_RESOURCE_HANDLERS",
        "_S3_BUCKET_CONFIGURATIONS",
        "_STACK_TAG_PROPERTY",
        "_cw_metric_alarm_record",
        "_ec2_apply_tags",
        "_physical_name",
        "_s3_apply_configurations",
        "_tag_map",
    ),
    "services.cloudtrail": (
        "_create_trail",
        "_start_logging",
        "_trails",
    ),
    "services.cloudwatch": (
        "_alarms",
        "_composite_alarms",
        "_delete_alarms",
        "_dims_key",
        "_dispatch_alarm_actions",
        "_error",
        "_evaluate_alarm",
        "_evaluate_all_alarms",
        "_evaluate_parent_alarms",
        "_history_entries",
        "_metrics",
        "_p",
        "_put_composite_alarm",
        "_put_metric_alarm",
        "_record_history",
        "_resource_tags",
        "_set_alarm_state",
        "_store_datum",
        "_transition_composite",
        "_ts_iso",
        "cloudformation_delete_metric_alarm",
        "record_metric",
        "time",
    ),
    "services.cloudwatch_logs": (
        "_create_log_stream",
        "_log_groups",
        "_metric_filters",
        "_put_log_events",
        "_put_metric_filter",
        "_resource_policies",
        "time",
    ),
    "services.dynamodb": (
        "_backups",
        "_create_backup",
        "_restore_table_from_backup",
        "_sse_description_from_spec",
        "_tables",
        "_update_continuous_backups",
        "_update_ttl",
    ),
    "services.ec2": (
        "_addresses",
        "_allocate_address",
        "_create_flow_logs",
        "_create_nat_gateway",
        "_delete_flow_logs",
        "_delete_nat_gateway",
        "_flow_logs",
        "_nat_gateways",
        "_release_address",
        "_resource_matches_tag_filters",
        "_security_groups",
        "_subnets",
        "_vpcs",
    ),
    "services.ecr": (
        "_create_repository",
        "_find_image",
        "_images",
        "_put_image",
        "_repo_shape",
        "_repositories",
        "handle_request",
        "reset",
    ),
    "services.ecs": (
        "handle_request",
        "reset",
    ),
    "services.eventbridge": (
        "_dispatch_event",
        "_dispatch_to_lambda",
        "_ensure_default_bus",
        "_event_bus_name_from_ref",
        "_event_bus_policies",
        "_event_buses",
        "_event_pattern_error",
        "_events_log_list",
        "_matches_pattern_view",
        "_now_ts",
        "_pattern_event_view",
        "_put_permission",
        "_remove_permission",
        "_rules",
        "_targets",
        "_validate_target_arn",
    ),
    "services.iam": (
        "_IAM_HANDLERS",
        "_error",
        "_roles",
        "_users",
    ),
    "services.kms": (
        "_aliases",
        "_resolve_key",
    ),
    "services.lambda_svc": (
        "_create_esm",
        "_emit_lambda_logs",
        "_emit_lambda_metrics",
        "_esms",
        "_execute_function_with_config_scope",
        "_execution_record_for_config",
        "_get_base_func_record_for_ref",
        "_get_func_record_for_qualifier",
        "_poll_sqs",
        "_resolve_existing_esm_function",
        "_sqs_message_attributes_to_camel_case",
        "_update_esm",
        "release_worker",
        "time",
    ),
    "services.organizations": (
        "FULL_ACCESS_POLICY_ID",
        "_DISPATCH",
        "_accounts",
        "_attachments",
        "_ensure_org",
        "_orgs",
        "_roots",
    ),
    "services.s3": (
        "S3_NS",
        "_apply_object_lock_from_headers",
        "_bucket_encryption",
        "_bucket_logging_config",
        "_bucket_object_lock",
        "_bucket_owner_account",
        "_bucket_policies",
        "_bucket_replication",
        "_bucket_versioning",
        "_buckets",
        "_delete_bucket_encryption",
        "_delete_bucket_lifecycle",
        "_delete_bucket_ownership_controls",
        "_delete_bucket_replication",
        "_delete_bucket_tagging",
        "_error",
        "_foreign_bucket_allows",
        "_in_account",
        "_maybe_replicate",
        "_object_legal_hold",
        "_object_retention",
        "_object_versions",
        "_parse_bucket_key",
        "_put_bucket_encryption",
        "_put_bucket_lifecycle",
        "_put_bucket_logging",
        "_put_bucket_ownership_controls",
        "_put_bucket_replication",
        "_put_bucket_tagging",
        "_put_object_lock_configuration",
        "_put_object_retention",
        "_replication_rule_for",
        "_resolve_sse_write_headers",
        "bucket_region",
        "handle_request",
        "now_iso",
    ),
    "services.scheduler": (
        "_create_schedule",
        "_delete_schedule",
        "_ensure_default_group",
        "_error",
        "_list_schedules",
        "_now",
        "_schedule_arn",
        "_schedules",
        "_tick_schedules",
        "_update_schedule",
    ),
    "services.secretsmanager": (
        "_resolve",
    ),
    "services.servicediscovery": (
        "_namespaces",
        "_services",
    ),
    "services.sns": (
        "SnsPublishError",
        "_topics",
        "publish_internal",
        "topic_policy_for_arn",
    ),
    "services.sqs": (
        "_Err",
        "_act_send_message",
        "_build_sys_attrs",
        "_delete_messages_for_esm",
        "_dispatch",
        "_get_q",
        "_queue_by_arn",
        "_queues",
        "_receive_messages_for_esm",
        "time",
    ),
    "services.ssm": (
        "_lookup_parameter",
        "reset",
    ),
    "services.tagging": (
        "_collect_dynamodb",
    ),
}
"""Module below `ministack` and the names in it. A test compares this list with what the code of this package uses."""


def installed_version() -> str:
    """The installed version of ministack."""
    return metadata.version("ministack")


def wrong_version(installed: str, environment: Mapping[str, str]) -> str | None:
    """The sentence about a version that this package is not written for."""
    if installed == VERSION or environment.get(ANY_VERSION) == "1":
        return None
    return (
        f"ministack {installed} is installed, and the local AWS is written for {VERSION}: install requirements.txt again, "
        f"or set {ANY_VERSION}=1 to try this version."
    )


def missing_names(
    installed: str,
    used: Mapping[str, Sequence[str]] = USED,
    load: Callable[[str], object] = importlib.import_module,
) -> list[str]:
    """A sentence for each name that the installed ministack does not have."""
    sentences = []
    for module_name, names in used.items():
        try:
            module = load(f"ministack.{module_name}")
        except ImportError:
            sentences.append(f"ministack {installed} has no module {module_name}.")
            continue
        sentences += [f"ministack {installed} has no {module_name}.{name}." for name in names if not hasattr(module, name)]
    return sentences
