"""Checks the JSON that Terraform passes on unread against the API's own model: container definitions and Batch jobs.

Neither Terraform nor a fake AWS minds a misspelt key or a number that should be a text; the API would.
"""

import json

import botocore.session
import botocore.validate

# resource type, attribute → service, shape
SHAPES = {
    ("aws_ecs_task_definition", "container_definitions"): ("ecs", "ContainerDefinitions"),
    ("aws_batch_job_definition", "container_properties"): ("batch", "ContainerProperties"),
}


def _unknown_keys(value, shape, path):
    """Keys the model does not have: botocore would leave them out without a word."""
    if shape.type_name == "structure":
        for key, inner in value.items():
            if key in shape.members:
                yield from _unknown_keys(inner, shape.members[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}: not known"
    elif shape.type_name == "list":
        for index, inner in enumerate(value):
            yield from _unknown_keys(inner, shape.member, f"{path}[{index}]")


def errors_in(value, service, shape_name):
    """What the service's API would not take, as lines of text."""
    model = botocore.session.get_session().get_service_model(service)
    shape = model.shape_for(shape_name)
    report = botocore.validate.ParamValidator()
    if shape.type_name == "list":
        found = [line for item in value for line in _lines(report.validate(item, shape.member))]
    else:
        found = _lines(report.validate(value, shape))
    return found or list(_unknown_keys(value, shape, shape_name))


def _lines(report):
    return report.generate_report().splitlines() if report.has_errors() else []


def resources(module):
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from resources(child)


def check(state):
    """Checks all JSON of a state (terraform show -json): how many documents there were, and what is wrong with them."""
    checked, found = 0, []
    for resource in resources(state["values"]["root_module"]):
        for (kind, attribute), (service, shape) in SHAPES.items():
            if resource["type"] == kind:
                checked += 1
                value = json.loads(resource["values"][attribute])
                found += [f"{resource['address']}: {line}" for line in errors_in(value, service, shape)]
    return checked, found


def self_test():
    """The check itself: it must find a wrong key, a wrong type and a missing name."""
    good = [{"name": "a", "image": "b", "portMappings": [{"containerPort": 1}]}]
    assert errors_in(good, "ecs", "ContainerDefinitions") == []
    assert errors_in([{"name": "a", "readOnlyRootFilesystem": True}], "ecs", "ContainerDefinitions")
    assert errors_in([{"name": "a", "portMappings": [{"containerPort": "1"}]}], "ecs", "ContainerDefinitions")
    assert errors_in({"image": "b", "resourceRequirements": [{"type": "VCPU"}]}, "batch", "ContainerProperties")
