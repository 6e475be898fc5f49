"""Whether CloudWatch has figures behind what an environment asks it for: its alarms, and the policies by which it
scales."""

import datetime
import json

PREDEFINED = {"ECSServiceAverageCPUUtilization": ("AWS/ECS", "CPUUtilization"),
              "ECSServiceAverageMemoryUtilization": ("AWS/ECS", "MemoryUtilization")}
# What is published only when it happens; that nothing is there is no fault.
EVENTS = {
    "fairway_rpc_server_faults_total": "calls that failed by our fault",
    "Blocked": "jobs that cannot start",
    "DBLoadRelativeToNumVCPUs": "an idle database has none",
}
# A day of ours has no more than this; the call takes 500.
AT_ONCE = 500


def _named(dimensions):
    return {one["Name"]: one["Value"] for one in dimensions or []}


def _of_alarm(alarm):
    if alarm.get("MetricName"):
        yield alarm["Namespace"], alarm["MetricName"], _named(alarm.get("Dimensions"))
    for query in alarm.get("Metrics", []):
        if "MetricStat" in query:
            metric = query["MetricStat"]["Metric"]
            yield metric["Namespace"], metric["MetricName"], _named(metric.get("Dimensions"))


def _of_policy(policy):
    _, cluster, service = policy["ResourceId"].split("/")
    tracking = policy.get("TargetTrackingScalingPolicyConfiguration", {})
    if "PredefinedMetricSpecification" in tracking:
        kind = tracking["PredefinedMetricSpecification"]["PredefinedMetricType"]
        yield *PREDEFINED[kind], {"ClusterName": cluster, "ServiceName": service}
    custom = tracking.get("CustomizedMetricSpecification", {})
    if custom.get("MetricName"):
        yield custom["Namespace"], custom["MetricName"], _named(custom.get("Dimensions"))
    for query in custom.get("Metrics", []):
        if "MetricStat" in query:
            metric = query["MetricStat"]["Metric"]
            yield metric["Namespace"], metric["MetricName"], _named(metric.get("Dimensions"))


def asked_for(environment, cluster):
    """{(namespace, metric, dimensions as sorted pairs): who asks}, as the account has it."""
    alarms = environment.aws("cloudwatch", "describe-alarms", "--alarm-name-prefix", f"{environment.name}-")
    policies = environment.aws("application-autoscaling", "describe-scaling-policies", "--service-namespace", "ecs")
    askers = [(alarm["AlarmName"], _of_alarm(alarm)) for alarm in alarms["MetricAlarms"]]
    askers += [(policy["PolicyName"], _of_policy(policy)) for policy in policies["ScalingPolicies"]
               if policy["ResourceId"].split("/")[1] == cluster]
    wanted = {}
    for who, asked in askers:
        for namespace, metric, dimensions in asked:
            wanted.setdefault((namespace, metric, tuple(sorted(dimensions.items()))), []).append(who)
    return wanted


def without_figures(environment, wanted, minutes):
    """Those of them that have no datapoint of the last minutes."""
    wanted = sorted(wanted)
    assert len(wanted) <= AT_ONCE
    queries = [{"Id": f"m{index}", "MetricStat": {"Period": 60, "Stat": "Maximum", "Metric": {
        "Namespace": namespace, "MetricName": metric,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions]}}}
        for index, (namespace, metric, dimensions) in enumerate(wanted)]
    now = datetime.datetime.now(datetime.timezone.utc)
    answer = environment.aws(
        "cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps(queries),
        "--start-time", (now - datetime.timedelta(minutes=minutes)).isoformat(), "--end-time", now.isoformat())
    found = {one["Id"] for one in answer["MetricDataResults"] if one["Values"]}
    return [metric for index, metric in enumerate(wanted) if f"m{index}" not in found]


def is_event(metric):
    """What may never happen: also calls that were refused, because there are no figures under a code that no call got.
    None: there must be figures."""
    return EVENTS.get(metric[1]) or ("calls with this code" if "grpc_code" in dict(metric[2]) else None)
