"""What the fake AWS needs to know about databases: which versions new ones may have, and that none goes back to an older one."""

import secrets

from moto.core.responses import ActionResult
from moto.rds.exceptions import InvalidParameterCombination
from moto.rds.models import RDSBackend
from moto.rds.responses import RDSResponse

# In AWS's way: not in order, and without the minor versions that only older databases may still have.
OPEN = {"postgres": ["15.15", "15.17", "15.16", "16.11"], "aurora-postgresql": ["15.10", "15.15"]}


def _number(version):
    return [int(part) for part in version.split(".")]


def _describe_db_engine_versions(response):
    engine, family = response.params.get("Engine"), response.params.get("DBParameterGroupFamily")
    found = [{"Engine": engine, "EngineVersion": version, "DBParameterGroupFamily": f"{engine}{_number(version)[0]}"}
             for version in OPEN.get(engine, [])]
    return ActionResult({"DBEngineVersions": [one for one in found if family in (None, one["DBParameterGroupFamily"])]})


def _only_open(create):
    """Refuses what AWS refuses: a new database with a version that is closed."""
    def create_if_open(response):
        engine, version = response.params.get("Engine"), response.params.get("EngineVersion")
        if version and version not in OPEN.get(engine, []):
            raise InvalidParameterCombination(f"Cannot find version {version} for {engine}")
        return create(response)
    return create_if_open


def _only_upward(modify):
    def modify_unless_older(backend, identifier, changes):
        now, wanted = backend.describe_db_instances(identifier)[0].engine_version, changes.get("engine_version")
        if wanted and _number(wanted) < _number(now):
            raise InvalidParameterCombination(f"Cannot upgrade postgres from {now} to {wanted}")
        return modify(backend, identifier, changes)
    return modify_unless_older


def _with_own_id(create):
    """moto gives all instances one id, by which the provider looks for each."""
    def create_with_id(backend, settings):
        instance = create(backend, settings)
        instance.dbi_resource_id = f"db-{secrets.token_hex(13).upper()}"
        return instance
    return create_with_id


def _no_replica(restore):
    """moto takes the source of a restore for a primary to follow."""
    def restore_apart(backend, source, target, settings):
        return restore(backend, source, target, {key: value for key, value in settings.items() if not key.startswith("source_db")})
    return restore_apart


def fill_gaps():
    RDSResponse.describe_db_engine_versions = _describe_db_engine_versions
    RDSResponse.create_db_instance = _only_open(RDSResponse.create_db_instance)
    RDSResponse.create_db_cluster = _only_open(RDSResponse.create_db_cluster)
    RDSBackend.modify_db_instance = _only_upward(RDSBackend.modify_db_instance)
    RDSBackend.restore_db_instance_to_point_in_time = _no_replica(RDSBackend.restore_db_instance_to_point_in_time)
    RDSBackend.create_db_instance = _with_own_id(RDSBackend.create_db_instance)
    RDSBackend.create_db_instance_read_replica = _with_own_id(RDSBackend.create_db_instance_read_replica)
