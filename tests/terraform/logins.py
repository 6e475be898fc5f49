"""As whom tasks log in to the database, and whose passwords they and their roles may read: of what Terraform has made."""

import json

SERVICES = ("ingest", "query")
LOGINS = [f"{service}_{turn}" for service in SERVICES for turn in "ab"]
# Tasks are not moved by an apply, but what the next release copies is.
TARGETS = ["-target=module.login_passwords", "-target=module.stack.module.command.aws_ecs_task_definition.this",
           *[f"-target=module.stack.module.{service}.aws_ecs_task_definition.this" for service in SERVICES]]
TLS = {"POSTGRES_SSLMODE": "verify-full", "POSTGRES_SSLROOTCERT": "/usr/local/share/fairway/rds-ca.pem"}


def _container(resources, family):
    """Environment and secrets of the container that is not the collector: names to values, and to the names of parameters."""
    [task] = [one["values"] for one in resources
              if one["type"] == "aws_ecs_task_definition" and one["values"]["family"] == family]
    [container] = [one for one in json.loads(task["container_definitions"]) if one["name"] != "collector"]
    return ({variable["name"]: variable["value"] for variable in container["environment"]},
            {secret["name"]: secret["valueFrom"].split("/")[-1] for secret in container["secrets"]})


def _readable(resources, role):
    """The names of the parameters that a role may read."""
    [policy] = [one["values"]["policy"] for one in resources
                if one["type"] == "aws_iam_role_policy" and one["values"]["role"] == role]
    return {arn.split("/")[-1] for statement in json.loads(policy)["Statement"] if "ssm:GetParameters" in statement["Action"]
            for arn in statement["Resource"]}


def _differences(place, found, wanted):
    return [f"{place}: {key} is {found.get(key)}, not {value}" for key, value in wanted.items() if found.get(key) != value]


def faults(resources, name, turn):
    """What is wrong where it is the turn of a or b, as lines of text. resources: all of a state."""
    found = []
    for service in SERVICES:
        family, login = f"{name}-{service}", f"{service}_{turn}"
        environment, secrets = _container(resources, family)
        found += _differences(family, environment, {"POSTGRES_USER": f"fairway_{login}", **TLS})
        if secrets != {"POSTGRES_PASSWORD": login}:
            found.append(f"{family} has the secrets {secrets}")
        if _readable(resources, f"{family}-execution") != {f"{service}_a", f"{service}_b"}:
            found.append(f"{family} may read {_readable(resources, f'{family}-execution')}")
    environment, secrets = _container(resources, f"{name}-command")
    found += _differences("the command", environment, {"POSTGRES_USER": "fairway", **TLS, **{
        f"FAIRWAY_{service.upper()}_LOGIN": f"fairway_{service}_{turn}" for service in SERVICES}})
    found += _differences("the command", secrets, {"POSTGRES_PASSWORD": "password", **{
        f"FAIRWAY_{service.upper()}_LOGIN_PASSWORD": f"{service}_{turn}" for service in SERVICES}})
    return found


def rotation_faults(before, after):
    """What is wrong with the parameters after a turn of a has become one of b. Each: login to version and value."""
    found = [f"the password of {login}, which tasks use, was touched" for login in LOGINS
             if login.endswith("_a") and before[login] != after[login]]
    found += [f"{login} has no new password" for login in LOGINS
              if login.endswith("_b") and (before[login][0] == after[login][0] or before[login][1] == after[login][1])]
    if len({value for _, value in [*before.values(), *after.values()]}) != 6:  # four, and two new ones
        found.append("logins share a password")
    return found
