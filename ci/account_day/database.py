"""What a day does to a database: an instance of RDS, or a cluster of Aurora."""

from account_day.environment import await_true
from account_day.report import Failure

MODULE = "module.stack.module.database"


def database_of(environment):
    kind = Cluster if environment.values["database"].get("kind") == "aurora" else Instance
    return kind(environment)


class _Database:
    """What both kinds have; .lost: the name of the one that a restore replaces."""

    def __init__(self, environment):
        self._at, self.name = environment, environment.name
        self.lost = f"{environment.name}-lost"
        self.has_standby = environment.values["database"]["multi_az"]

    def _rds(self, *arguments):
        return self._at.aws("rds", *arguments)

    def restorable(self):
        """Up to when its backups reach, as text of RDS."""
        return self.find(self.name).get("LatestRestorableTime")


class Instance(_Database):
    addresses = [f"{MODULE}.aws_db_instance.this"]

    def find(self, name):
        """None: there is none."""
        found = self._rds("describe-db-instances", "--query", f"DBInstances[?DBInstanceIdentifier=='{name}']")
        return found[0] if found else None

    def is_ready(self, name):
        found = self.find(name)
        return found is not None and found["DBInstanceStatus"] == "available"

    def _events(self):
        """Of the last hour, that say that it has failed over, or restarted."""
        found = self._rds("describe-events", "--source-type", "db-instance", "--source-identifier", self.name,
                          "--duration", "60")["Events"]
        done = "failover completed" if self.has_standby else "restarted"
        return [event for event in found if done in event["Message"]]

    def fail_over(self):
        """Returns what was done, when the event of RDS says that it is over."""
        force = ["--force-failover"] if self.has_standby else ["--no-force-failover"]
        before = self._events()
        self._rds("reboot-db-instance", "--db-instance-identifier", self.name, *force)
        if self._at.where == "account":
            await_true("the event of it", 900, lambda: [event for event in self._events() if event not in before])
        await_true("the database", 900, lambda: self.is_ready(self.name))
        return "failed over to the standby" if self.has_standby else "restarted; it has no standby"

    def lose(self):
        """As the runbook says: it goes on under another name, so that its own becomes free."""
        self._rds("modify-db-instance", "--db-instance-identifier", self.name,
                  "--new-db-instance-identifier", self.lost, "--apply-immediately")
        await_true("the other name", 1800, lambda: self.is_ready(self.lost) and not self.find(self.name))

    def forget_lost(self):
        if self.find(self.lost):
            self._rds("delete-db-instance", "--db-instance-identifier", self.lost, "--skip-final-snapshot")
            await_true(f"the end of {self.lost}", 1800, lambda: not self.find(self.lost))


class Cluster(_Database):
    addresses = [f"{MODULE}.aws_rds_cluster.this", f"{MODULE}.aws_rds_cluster_instance.this"]

    def find(self, name):
        found = self._rds("describe-db-clusters", "--query", f"DBClusters[?DBClusterIdentifier=='{name}']")
        return found[0] if found else None

    def _members(self, name):
        members = (self.find(name) or {"DBClusterMembers": []})["DBClusterMembers"]
        return {one["DBInstanceIdentifier"]: one["IsClusterWriter"] for one in members}

    def is_ready(self, name):
        found = self.find(name)
        states = self._rds("describe-db-instances", "--query",
                           f"DBInstances[?DBClusterIdentifier=='{name}'].DBInstanceStatus")
        return found is not None and found["Status"] == "available" and set(states) == {"available"}

    def _writer(self):
        return [name for name, writes in self._members(self.name).items() if writes]

    def fail_over(self):
        if not self.has_standby:
            raise Failure("Aurora without a reader has nothing to fail over to: database.multi_az")
        before = self._writer()
        self._rds("failover-db-cluster", "--db-cluster-identifier", self.name)
        await_true("another writer", 900, lambda: self._writer() not in ([], before) and self.is_ready(self.name))
        return f"the writer was {before[0]}, and is {self._writer()[0]}"

    def lose(self):
        """Cluster and instances: the names of all become free."""
        for name in self._members(self.name):
            self._rds("modify-db-instance", "--db-instance-identifier", name,
                      "--new-db-instance-identifier", f"{name}-lost", "--apply-immediately")
        self._rds("modify-db-cluster", "--db-cluster-identifier", self.name, "--new-db-cluster-identifier", self.lost,
                  "--apply-immediately")
        await_true("the other names", 1800, lambda: self.is_ready(self.lost) and not self.find(self.name)
                   and all(name.endswith("-lost") for name in self._members(self.lost)))

    def forget_lost(self):
        if self.find(self.lost):
            for name in self._members(self.lost):
                self._rds("delete-db-instance", "--db-instance-identifier", name, "--skip-final-snapshot")
            self._rds("delete-db-cluster", "--db-cluster-identifier", self.lost, "--skip-final-snapshot")
            await_true(f"the end of {self.lost}", 1800, lambda: not self.find(self.lost))
