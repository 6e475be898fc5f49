"""What happens to the database of an environment between two applies, and what must have come of it."""

import json
import urllib.parse

# Newer than any that new databases may have.
RAISED = "15.99"
# All levers of an RDS instance at once, as the root takes them.
LEVERS = "database=" + json.dumps({
    "instance_class": "db.m7g.xlarge", "multi_az": True, "storage_gb": {"initial": 400, "max": 800}, "iops": 16000,
    "storage_throughput": 1000, "read_replicas": 1, "apply_immediately": True})
PULLED = {"DBInstanceClass": "db.m7g.xlarge", "AllocatedStorage": 400, "Iops": 16000, "StorageThroughput": 1000}
# The environment that loses its database, by the steps of a day with an account, and what AWS is then asked for.
LOST = "dev"
RESTORED = {"Action": "RestoreDBInstanceToPointInTime", "TargetDBInstanceIdentifier": "fairway-dev",
            "SourceDBInstanceIdentifier": "fairway-dev-lost", "UseLatestRestorableTime": "true"}


def _instances(rds):
    """Those of RDS that are in use; the version of Aurora's is ours to raise."""
    return [instance for instance in rds.describe_db_instances()["DBInstances"]
            if instance["Engine"] == "postgres"]


def raise_minor_versions(rds):
    """As AWS does in a maintenance window. No apply must try to go back, which AWS, the fake one too, refuses."""
    for instance in _instances(rds):
        rds.modify_db_instance(DBInstanceIdentifier=instance["DBInstanceIdentifier"], EngineVersion=RAISED)


def levers(rds):
    """Variables that pull them, where there is an instance; Aurora's disk has none."""
    return [LEVERS] if _instances(rds) else []


def not_restored(bodies, password):
    """What is wrong after a restore and an apply that says nothing of it any more, as lines of text."""
    sent = [dict(urllib.parse.parse_qsl(body.decode())) for body in bodies if body.startswith(b"Action=")]
    restored = [index for index, request in enumerate(sent) if RESTORED.items() <= request.items()]
    if not restored:
        return [f"AWS was never asked for {RESTORED}"]
    found = [f"it was deleted: {request}" for request in sent
             if request["Action"] == "DeleteDBInstance" and request["DBInstanceIdentifier"] == RESTORED["TargetDBInstanceIdentifier"]]
    if not any(request["Action"] == "ModifyDBInstance" and request.get("MasterUserPassword") == password
               for request in sent[restored[0]:]):
        found.append("it has the password of the backup, and services have today's")
    return found


def faults(rds, bodies):
    """What is wrong after the second apply, as lines of text. bodies: of all requests."""
    found, instances = [], _instances(rds)
    for instance in instances:
        wanted = {"EngineVersion": RAISED, **PULLED}
        found += [f"{instance['DBInstanceIdentifier']}: {key} is {instance.get(key)}, not {value}"
                  for key, value in wanted.items() if instance.get(key) != value]
    if instances and [bool(instance.get("ReadReplicaSourceDBInstanceIdentifier")) for instance in instances].count(True) != 1:
        found.append("there is no read replica")
    if instances and not any(b"Action=ModifyDBInstance" in body and b"Iops=16000" in body and b"ApplyImmediately=true" in body
                             for body in bodies):
        found.append("the change waits for the maintenance window")
    return found
