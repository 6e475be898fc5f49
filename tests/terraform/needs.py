"""Compares what terraform/needs says that an environment needs of an account with what Terraform has made of it."""

import collections
import json
import math


def read(terraform, name):
    """terraform: runs it, with arguments and what it reads. The values are those of the environment's file."""
    said = terraform("console", f"-var-file=../environments/{name}.tfvars", stdin="jsonencode(local.needs)")
    return json.loads(json.loads(said.splitlines()[-1]))


def _vcpus(by_type):
    """Of all tasks when all of them are deployed, of all loads, and of a command."""
    cores = {task["arn"]: int(task["cpu"]) / 1024 for task in by_type["aws_ecs_task_definition"]}
    largest = {target["resource_id"].split("/")[-1]: target["max_capacity"] for target in by_type["aws_appautoscaling_target"]}
    tasks = sum(cores[service["task_definition"]] * largest[service["name"]] * service["deployment_maximum_percent"] / 100
                for service in by_type["aws_ecs_service"])
    served = {service["task_definition"] for service in by_type["aws_ecs_service"]}
    commands = sum(size for task, size in cores.items() if task not in served)
    loads = sum(environment["compute_resources"][0]["max_vcpus"] for environment in by_type["aws_batch_compute_environment"])
    return math.ceil(tasks + commands + loads)


def check(needs, resources):
    """What is not as terraform/needs says, as lines of text. resources: all of a state."""
    by_type = collections.defaultdict(list)
    for resource in resources:
        if resource["mode"] == "managed":
            by_type[resource["type"]].append(resource["values"])
    count = {name: len(found) for name, found in by_type.items()}
    databases = by_type["aws_db_instance"] + by_type["aws_rds_cluster_instance"]
    nats = collections.Counter(gateway["subnet_id"] for gateway in by_type["aws_nat_gateway"])
    made = {
        "L-3032A538": _vcpus(by_type),
        "L-F678F1CE": count.get("aws_vpc", 0),
        "L-29B6F2EB": sum(endpoint["vpc_endpoint_type"] == "Interface" for endpoint in by_type["aws_vpc_endpoint"]),
        "L-FE5A380F": max(nats.values(), default=0),
        "L-0263D0A3": count.get("aws_eip", 0),
        "L-69A177A2": count.get("aws_lb", 0),
        "L-7B6409FD": len(databases),
        "L-952B80B8": count.get("aws_rds_cluster", 0),
    }
    stated = {quota["code"]: quota["need"] for quota in needs["quotas"]}
    found = [f"{code}: {stated.get(code, 0)} are stated, and {number} were made" for code, number in made.items()
             if stated.get(code, 0) != number]
    found += [f"{code} is not compared" for code in stated if code not in made]
    if sorted(needs["load_balancers"]) != sorted(balancer["name"] for balancer in by_type["aws_lb"]):
        found.append("the load balancers have other names")
    database, engine = databases[0], (by_type["aws_rds_cluster"] or by_type["aws_db_instance"])[0]
    version = f"{engine['engine']} {engine['engine_version']} {database['instance_class']}"
    wanted = needs["database"]
    if not version.startswith(f"{wanted['engine']} {wanted['version']}") or not version.endswith(wanted["class"]):
        found.append(f"the database is {version}, not {wanted}")
    return found
