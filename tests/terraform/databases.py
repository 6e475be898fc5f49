"""What happens to the database of an environment between two applies, and what must have come of it."""

# Newer than any that new databases may have.
RAISED = "15.99"


def _instances(rds):
    """Those of RDS; the version of Aurora's is ours to raise."""
    return [instance for instance in rds.describe_db_instances()["DBInstances"] if instance["Engine"] == "postgres"]


def raise_minor_versions(rds):
    """As AWS does in a maintenance window. No apply must try to go back, which AWS, the fake one too, refuses."""
    for instance in _instances(rds):
        rds.modify_db_instance(DBInstanceIdentifier=instance["DBInstanceIdentifier"], EngineVersion=RAISED)


def faults(rds):
    """What is wrong after the second apply, as lines of text."""
    return [f"{instance['DBInstanceIdentifier']} has version {instance['EngineVersion']}, not {RAISED}"
            for instance in _instances(rds) if instance["EngineVersion"] != RAISED]
