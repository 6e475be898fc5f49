"""What the fake AWS needs to do as ECS: services have tasks, deployments end, a stopped task is replaced, a one-off task
ends."""

from moto.ec2.models import ec2_backends
from moto.ecs.models import EC2ContainerServiceBackend as Backend
from moto.ecs.models import Task
from moto.moto_api import state_manager


def _start(backend, service):
    """As many tasks of a service as it wants and has not."""
    there = _tasks_of(backend, service.name, service.cluster_name)
    cluster = backend._get_cluster(service.cluster_name)
    definition = backend.describe_task_definition(service.task_definition)
    for _ in range(service.desired_count - [task.desired_status for task in there].count("RUNNING")):
        task = Task(cluster, definition, None, {}, backend, f"service:{service.name}", "FARGATE",
                    networking_configuration=service.given_network)
        backend.tasks.setdefault(service.cluster_name, {})[task.task_arn] = task


def _tasks_of(backend, name, cluster):
    return [task for task in backend.tasks.get(cluster, {}).values() if task.group == f"service:{name}"]


def _complete(service):
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments:
        deployment.update(rolloutState="COMPLETED", taskDefinition=service.task_definition, pendingCount=0,
                          desiredCount=service.desired_count, runningCount=service.desired_count)


def _create_service(create):
    def create_with_tasks(backend, *arguments, **named):
        service = create(backend, *arguments, **named)
        service.given_network = named["network_configuration"]
        _complete(service)
        _start(backend, service)
        return service
    return create_with_tasks


def _update_service(update):
    def update_and_replace(backend, properties):
        service = update(backend, properties)
        for task in _tasks_of(backend, service.name, service.cluster_name):
            del backend.tasks[service.cluster_name][task.task_arn]
        _complete(service)
        _start(backend, service)
        return service
    return update_and_replace


def _stop_task(stop):
    def stop_and_replace(backend, cluster, task, reason):
        stopped = stop(backend, cluster, task, reason)
        for service in backend.services.values():
            if stopped.group == f"service:{service.name}":
                _start(backend, service)
        return stopped
    return stop_and_replace


def _create_cluster(create):
    """moto's Batch makes one without tags, which its tagging API fails on."""
    def create_with_tags(backend, *arguments, **named):
        cluster = create(backend, *arguments, **named)
        cluster.tags = cluster.tags or []
        return cluster
    return create_with_tags


def _without_tags(delete):
    """moto keeps what is deleted, as inactive; the tagging API of AWS no longer finds it."""
    def delete_without_tags(*arguments, **named):
        deleted = delete(*arguments, **named)
        deleted.tags = []
        return deleted
    return delete_without_tags


def _list_tasks(list_all):
    def list_of_service(backend, cluster, instance, family, started_by, service, status):
        return [task for task in list_all(backend, cluster, instance, family, started_by, None, status or "RUNNING")
                if service in (None, task.group.removeprefix("service:"))]
    return list_of_service


def _without_interface(init):
    """moto would keep a task's network interface for ever, and no subnet could be deleted."""
    def init_without(task, *arguments, **named):
        init(task, *arguments, **named)
        for attached in task.attachments:
            [interface] = [it["value"] for it in attached["details"] if it["name"] == "networkInterfaceId"]
            ec2_backends[task._account_id][task.region_name].delete_network_interface(interface)
        task.attachments = []
    return init_without


def fill_gaps():
    state_manager.set_transition("ecs::task", {"progression": "immediate"})  # a one-off task has ended at once
    # moto adds up the memory of containers; that of ours is their task's.
    Backend._calculate_task_resource_requirements = staticmethod(lambda task_definition: {})
    Task.__init__ = _without_interface(Task.__init__)
    Backend.create_cluster = _create_cluster(Backend.create_cluster)
    Backend.delete_cluster = _without_tags(Backend.delete_cluster)
    Backend.delete_service = _without_tags(Backend.delete_service)
    Backend.create_service = _create_service(Backend.create_service)
    Backend.update_service = _update_service(Backend.update_service)
    Backend.stop_task = _stop_task(Backend.stop_task)
    Backend.list_tasks = _list_tasks(Backend.list_tasks)
