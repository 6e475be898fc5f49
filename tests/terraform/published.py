"""What CloudWatch gets, and from whom: every metric that an alarm, a scaling policy or the dashboard asks for must be
published by something of the same state, under the very dimensions that it is asked for with.

CloudWatch takes an alarm on a metric that nobody publishes, and never rings it. Neither Terraform nor a fake AWS minds.

Sources of the tables: AWS's own, below https://docs.aws.amazon.com:
    AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
    AmazonRDS/latest/UserGuide/rds-metrics.html
    AmazonRDS/latest/UserGuide/USER_PerfInsights.Cloudwatch.html
    AmazonECS/latest/developerguide/available-metrics.html      Service Connect publishes times by TargetDiscoveryName, alone
                                                                or with the caller's cluster and service
    elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
"""

import json
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOTH = {"query", "ingest"}
CALL = {"grpc_method", "grpc_service", "grpc_type"}

# What /metrics of a task has: metric → by which services, with which labels. check_code compares it with the sources.
EXPORTED = {
    "fairway_batches_total": ({"ingest"}, {"outcome"}),
    "fairway_book_bytes": ({"query"}, set()),
    "fairway_book_lag_seconds": ({"query"}, set()),
    "fairway_book_lanes": ({"query"}, set()),
    "fairway_book_over_budget": ({"query"}, set()),
    "fairway_book_prices": ({"query"}, set()),
    "fairway_book_version": ({"query"}, set()),
    "fairway_build_info": (BOTH, {"version", "commit", "compiler"}),
    "fairway_committed_prices_total": ({"ingest"}, set()),
    "fairway_connections_refused_total": (BOTH, set()),
    "fairway_pool_connections_idle": (BOTH, {"pool"}),
    "fairway_pool_connections_in_use": (BOTH, {"pool"}),
    "fairway_pool_connections_max": (BOTH, {"pool"}),
    "fairway_pool_waiting": (BOTH, {"pool"}),
    "fairway_ready": (BOTH, set()),
    "fairway_rpc_server_faults_total": (BOTH, CALL),
    "fairway_store_operation_errors_total": (BOTH, {"operation", "error"}),
    "fairway_store_operation_seconds": (BOTH, {"operation"}),
    "fairway_uploads_in_flight": ({"ingest"}, set()),
    "fairway_uploads_max": ({"ingest"}, set()),
    "grpc_server_handled_total": (BOTH, CALL | {"grpc_code"}),
    "grpc_server_handling_seconds": (BOTH, CALL),
    "grpc_server_msg_received_total": (BOTH, CALL),
    "grpc_server_msg_sent_total": (BOTH, CALL),
    "grpc_server_started_total": (BOTH, CALL),
}

DATABASE = ["CPUUtilization", "DatabaseConnections", "DiskQueueDepth", "FreeableMemory", "ReadIOPS", "ReadLatency",
            "WriteIOPS", "WriteLatency"]
AURORA = [*DATABASE, "CommitLatency", "CommitThroughput", "FreeLocalStorage"]
LOAD = ["DBLoad", "DBLoadCPU", "DBLoadNonCPU", "DBLoadRelativeToNumVCPUs"]


def _last(arn):
    return arn.split("/")[-1]


def _balanced(listener):
    """Load balancer and target group that a listener brings together."""
    target = listener["default_action"][0]["target_group_arn"]
    return {"LoadBalancer": listener["load_balancer_arn"].split("loadbalancer/")[1], "TargetGroup": target.split(":")[-1]}


def _in_cluster(service):
    return {"ClusterName": _last(service["cluster"]), "ServiceName": service["name"]}


def _called(service):
    """What callers in the mesh call it; None where it is in none."""
    for mesh in service["service_connect_configuration"]:
        for named in mesh["service"] if mesh["enabled"] else []:
            return {"TargetDiscoveryName": named["discovery_name"]}
    return None


# Publisher (a type of resource), namespace, its metrics, and the sets of dimensions they come with.
TABLE = [
    ("aws_db_instance", "AWS/RDS", [*DATABASE, "FreeStorageSpace", *LOAD],
     [lambda it: {"DBInstanceIdentifier": it["identifier"]}]),
    ("aws_rds_cluster_instance", "AWS/RDS", [*AURORA, *LOAD], [lambda it: {"DBInstanceIdentifier": it["identifier"]}]),
    ("aws_rds_cluster_instance", "AWS/RDS", AURORA, [
        lambda it: {"DBClusterIdentifier": it["cluster_identifier"]},
        lambda it: {"DBClusterIdentifier": it["cluster_identifier"], "Role": "WRITER"},
    ]),
    ("aws_rds_cluster", "AWS/RDS", ["VolumeBytesUsed", "VolumeReadIOPs", "VolumeWriteIOPs"],
     [lambda it: {"DBClusterIdentifier": it["cluster_identifier"]}]),
    ("aws_lb", "AWS/NetworkELB", ["ActiveFlowCount", "NewFlowCount", "ProcessedBytes"],
     [lambda it: {"LoadBalancer": it["arn_suffix"]}]),
    ("aws_lb_listener", "AWS/NetworkELB", ["HealthyHostCount", "UnHealthyHostCount"], [_balanced]),
    ("aws_ecs_service", "AWS/ECS", ["CPUUtilization", "MemoryUtilization"], [_in_cluster]),
    ("aws_ecs_service", "AWS/ECS", ["RequestCountPerTarget", "TargetResponseTime"], [_called]),
    ("aws_ecs_service", "ECS/ContainerInsights", ["DesiredTaskCount", "PendingTaskCount", "RunningTaskCount"], [_in_cluster]),
    ("aws_sqs_queue", "AWS/SQS", ["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"],
     [lambda it: {"QueueName": it["name"]}]),
]
# What scaling names instead of a metric.
PREDEFINED = {"ECSServiceAverageCPUUtilization": ("AWS/ECS", "CPUUtilization"),
              "ECSServiceAverageMemoryUtilization": ("AWS/ECS", "MemoryUtilization")}


class Published:
    """All that the resources of a state publish."""

    def __init__(self, resources):
        self._exact = set()
        self._collected = []  # namespace, service, dimensions, patterns of names
        for resource in resources:
            it = resource["values"]
            for kind, namespace, metrics, dimensions in TABLE:
                for made in [make(it) for make in dimensions if kind == resource["type"]]:
                    if made is not None:
                        self._exact |= {(namespace, metric, frozenset(made.items())) for metric in metrics}
            if resource["type"] == "aws_cloudwatch_log_metric_filter":
                for to in it["metric_transformation"]:
                    self._exact.add((to["namespace"], to["name"], frozenset()))
            if resource["type"] == "aws_ecs_task_definition":
                self._add_collectors(json.loads(it["container_definitions"]))

    def _add_collectors(self, containers):
        for container in containers:
            for variable in container.get("environment", []):
                if variable["name"] == "AOT_CONFIG_CONTENT":
                    self._add_collector(yaml.safe_load(variable["value"]))

    def _add_collector(self, configuration):
        scraped = configuration["receivers"]["prometheus"]["config"]["scrape_configs"][0]["static_configs"][0]
        emf = configuration["exporters"]["awsemf"]
        for declared in emf["metric_declarations"]:
            for dimensions in declared["dimensions"]:
                self._collected.append((emf["namespace"], scraped["labels"]["service"], set(dimensions),
                                        declared["metric_name_selectors"]))

    def data(self):
        """One of each that CloudWatch gets of them: namespace, metric, dimensions. Of labels, the values that alarms may ask for."""
        for namespace, metric, dimensions in self._exact:
            yield namespace, metric, dict(dimensions)
        for namespace, service, names, patterns in self._collected:
            for metric, (services, labels) in EXPORTED.items():
                if service in services and names - {"service"} <= labels and any(re.search(it, metric) for it in patterns):
                    for value in ("OK", "Unavailable"):
                        yield namespace, metric, {name: service if name == "service" else value for name in names}

    def has(self, namespace, metric, dimensions):
        if (namespace, metric, frozenset(dimensions.items())) in self._exact:
            return True
        services, labels = EXPORTED.get(metric, (set(), set()))
        return any(namespace == its_namespace and set(dimensions) == names and dimensions.get("service") == service and
                   service in services and names - {"service"} <= labels and any(re.search(it, metric) for it in patterns)
                   for its_namespace, service, names, patterns in self._collected)


def _named(dimensions):
    """Dimensions of a scaling policy, which are a list."""
    return {dimension["name"]: dimension["value"] for dimension in dimensions}


def _of_alarm(alarm):
    if alarm["metric_name"]:
        yield alarm["namespace"], alarm["metric_name"], alarm["dimensions"] or {}
    for query in alarm["metric_query"]:
        for metric in query["metric"]:
            yield metric["namespace"], metric["metric_name"], metric["dimensions"] or {}


def _of_scaling(policy):
    _, cluster, service = policy["resource_id"].split("/")
    for tracking in policy["target_tracking_scaling_policy_configuration"]:
        for predefined in tracking["predefined_metric_specification"]:
            yield *PREDEFINED[predefined["predefined_metric_type"]], {"ClusterName": cluster, "ServiceName": service}
        for custom in tracking["customized_metric_specification"]:
            if custom["metric_name"]:
                yield custom["namespace"], custom["metric_name"], _named(custom["dimensions"])
            for query in custom["metrics"]:
                for metric in [metric for stat in query["metric_stat"] for metric in stat["metric"]]:
                    yield metric["namespace"], metric["metric_name"], _named(metric["dimensions"])


def _of_dashboard(dashboard):
    for widget in json.loads(dashboard["dashboard_body"])["widgets"]:
        for namespace, metric, *pairs in widget["properties"]["metrics"]:
            yield namespace, metric, dict(zip(pairs[::2], pairs[1::2]))


USERS = {"aws_cloudwatch_metric_alarm": _of_alarm, "aws_appautoscaling_policy": _of_scaling,
         "aws_cloudwatch_dashboard": _of_dashboard}


def check(resources):
    """How many metrics are asked for, and those that nobody publishes, as lines of text."""
    resources = [resource for resource in resources if resource["mode"] == "managed"]
    published = Published(resources)
    asked, wrong = 0, []
    for resource in resources:
        for namespace, metric, dimensions in USERS.get(resource["type"], lambda _: [])(resource["values"]):
            asked += 1
            if not published.has(namespace, metric, dimensions):
                wrong.append(f"{resource['address']}: nobody publishes {namespace} {metric} {json.dumps(dimensions, sort_keys=True)}")
    return asked, wrong


def check_code():
    """EXPORTED must be what the services have, no more and no less; returns what differs."""
    found = {}
    for path in [path for folder in ("services", "libs") for path in (ROOT / folder).rglob("*.cc")]:
        if path.name.endswith("_test.cc"):
            continue
        owner = {path.relative_to(ROOT).parts[1]} if path.is_relative_to(ROOT / "services") else BOTH
        for name in re.findall(r'"((?:fairway|grpc_server)_[a-z_]+)"', path.read_text()):
            found[name] = owner
    table = {name: services for name, (services, _) in EXPORTED.items()}
    return [f"{name}: the table says {table.get(name)}, the code {found.get(name)}"
            for name in sorted(found.keys() | table.keys()) if found.get(name) != table.get(name)]


def _resource(kind, **values):
    return {"mode": "managed", "type": kind, "address": kind, "values": values}


def _alarm(namespace, metric, **dimensions):
    return _resource("aws_cloudwatch_metric_alarm", namespace=namespace, metric_name=metric, dimensions=dimensions,
                     metric_query=[])


def _reckoning_alarm(namespace, metric, **dimensions):
    queries = [{"metric": []}, {"metric": [{"namespace": namespace, "metric_name": metric, "dimensions": dimensions}]}]
    return _resource("aws_cloudwatch_metric_alarm", metric_name="", metric_query=queries)


def _scaling(service, **by):
    tracking = {"predefined_metric_specification": [], "customized_metric_specification": [], **by}
    return _resource("aws_appautoscaling_policy", resource_id=service,
                     target_tracking_scaling_policy_configuration=[tracking])


def _scaling_by(namespace, metric, **dimensions):
    """By one metric, and by one of several that are reckoned with."""
    one = {"namespace": namespace, "metric_name": metric,
           "dimensions": [{"name": name, "value": value} for name, value in dimensions.items()]}
    yield _scaling("service/a/query", customized_metric_specification=[{**one, "metrics": []}])
    several = [{"metric_stat": []}, {"metric_stat": [{"metric": [one]}]}]
    yield _scaling("service/a/query", customized_metric_specification=[{"metric_name": "", "metrics": several}])


def _graph(*metric):
    body = {"widgets": [{"properties": {"metrics": [metric]}}]}
    return _resource("aws_cloudwatch_dashboard", dashboard_body=json.dumps(body))


def _publishers():
    scraped = [{"static_configs": [{"labels": {"service": "query"}}]}]
    configuration = {
        "receivers": {"prometheus": {"config": {"scrape_configs": scraped}}},
        "exporters": {"awsemf": {"namespace": "Fairway/a", "metric_declarations": [
            {"dimensions": [["service"]], "metric_name_selectors": ["^fairway_.*$"]}]}}}
    collector = {"environment": [{"name": "AOT_CONFIG_CONTENT", "value": yaml.safe_dump(configuration)}]}
    mesh = [{"enabled": True, "service": [{"discovery_name": "a-query"}]}]
    return [
        _resource("aws_rds_cluster_instance", identifier="a-0", cluster_identifier="a"),
        _resource("aws_ecs_service", name="query", cluster="arn:x/a", service_connect_configuration=mesh),
        _resource("aws_ecs_task_definition", container_definitions=json.dumps([collector])),
    ]


def self_test():
    """The check itself: each of these was asked for once, and came from nobody."""
    cpu = [{"predefined_metric_type": "ECSServiceAverageCPUUtilization"}]
    good = [_alarm("AWS/RDS", "CommitLatency", DBClusterIdentifier="a", Role="WRITER"),
            _alarm("AWS/ECS", "TargetResponseTime", TargetDiscoveryName="a-query"),
            _alarm("Fairway/a", "fairway_ready", service="query"),
            _reckoning_alarm("Fairway/a", "fairway_ready", service="query"),
            _scaling("service/a/query", predefined_metric_specification=cpu),
            *_scaling_by("ECS/ContainerInsights", "RunningTaskCount", ClusterName="a", ServiceName="query"),
            _graph("AWS/ECS", "TargetResponseTime", "TargetDiscoveryName", "a-query")]
    assert check(_publishers() + good) == (len(good), [])
    bad = [_alarm("AWS/ECS", "TargetResponseTime", ClusterName="a", ServiceName="query"),  # the service's own
           _alarm("AWS/RDS", "FreeStorageSpace", DBClusterIdentifier="a"),  # Aurora has none
           _alarm("AWS/RDS", "DBLoad", DBClusterIdentifier="a"),  # of instances only
           _alarm("AWS/RDS", "CPUUtilization", DBClusterIdentifier="a", Role="PRIMARY"),
           _alarm("Fairway/a", "fairway_redy", service="query"),
           _alarm("Fairway/a", "fairway_uploads_in_flight", service="query"),  # the other service's
           _alarm("Fairway/a", "fairway_pool_waiting", service="query", pool="book"),  # Prometheus alone gets it so
           _alarm("Fairway/b", "fairway_ready", service="query"),
           _reckoning_alarm("Fairway/a", "grpc_server_handled_total", service="query"),  # none that is selected
           _scaling("service/a/ingest", predefined_metric_specification=cpu),
           *_scaling_by("Fairway/a", "fairway_ready", service="ingest"),
           _graph("AWS/ECS", "TargetResponseTime", "ClusterName", "a", "ServiceName", "query")]
    asked, wrong = check(_publishers() + bad)
    assert asked == len(bad) and len(wrong) == len(bad), wrong
