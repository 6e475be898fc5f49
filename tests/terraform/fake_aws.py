"""A fake AWS on loopback, in memory: moto, with what it lacks and the AWS provider asks for.

Prints its port, and serves until its standard input is closed.
"""

import json
import sys
import threading

import fake_ecs
import fake_rds
import moto.amp.urls
import moto.settings
from moto.amp.responses import PrometheusServiceResponse
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.moto_api._internal.recorder.models import Recorder
from moto.server import ThreadedMotoServer
from moto.stepfunctions.responses import StepFunctionResponse

_DEFINITIONS = {}


def _workspace(response):
    return response.path.split("/")[2]


def _put_alert_manager(response):
    _DEFINITIONS[_workspace(response)] = json.loads(response.body)["data"]
    return json.dumps({"status": {"statusCode": "ACTIVE"}})


def _describe_alert_manager(response):
    data = _DEFINITIONS.get(_workspace(response))
    if data is None:
        error = json.dumps({"message": "no definition", "resourceId": "", "resourceType": ""})
        return 404, {"x-amzn-errortype": "ResourceNotFoundException"}, error
    status = {"statusCode": "ACTIVE"}
    return json.dumps({"alertManagerDefinition": {"data": data, "status": status, "createdAt": 0, "modifiedAt": 0}})


def _delete_alert_manager(response):
    _DEFINITIONS.pop(_workspace(response), None)
    return json.dumps({})


def _in_state(describe):
    """moto does not look at the state, where alarms are named: all of them would ring."""
    def describe_in_state(response):
        found, state = describe(response), response._get_param("StateValue")
        found.result["MetricAlarms"] = [alarm for alarm in found.result["MetricAlarms"] if state in (None, alarm.state_value)]
        return found
    return describe_in_state


def fill_gaps():
    fake_ecs.fill_gaps()
    CloudWatchResponse.describe_alarms = _in_state(CloudWatchResponse.describe_alarms)
    fake_rds.fill_gaps()
    moto.settings.ACM_VALIDATION_WAIT = 0  # seconds until a certificate is given out
    ApplicationAutoScalingResponse.list_tags_for_resource = lambda self: json.dumps({"Tags": {}})
    # Takes any, and publishes none; the provider asks before it makes one, and when it reads one.
    StepFunctionResponse.validate_state_machine_definition = lambda self: json.dumps({"result": "OK", "diagnostics": []})
    StepFunctionResponse.list_state_machine_versions = lambda self: json.dumps({"stateMachineVersions": []})
    path = "{0}/workspaces/(?P<workspace_id>[^/]+)/alertmanager/definition$"
    moto.amp.urls.url_paths[path] = PrometheusServiceResponse.dispatch
    PrometheusServiceResponse.create_alert_manager_definition = _put_alert_manager
    PrometheusServiceResponse.put_alert_manager_definition = _put_alert_manager
    PrometheusServiceResponse.describe_alert_manager_definition = _describe_alert_manager
    PrometheusServiceResponse.delete_alert_manager_definition = _delete_alert_manager


def record_one_by_one():
    """Requests that come at once would end up in one line of the recording."""
    lock, record = threading.Lock(), Recorder._record_request

    def record_alone(*arguments):
        with lock:
            record(*arguments)

    Recorder._record_request = record_alone


def main():
    fill_gaps()
    record_one_by_one()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
