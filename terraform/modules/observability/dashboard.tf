# One page: a row for each place where the system becomes narrow, from the clients down to the disk.

locals {
  fairway = var.metrics_namespace
  tasks   = { for service in keys(var.load_balancers) : service => ["ClusterName", var.cluster_name, "ServiceName", service] }

  # The mesh names who was called; the cluster and the service beside it would be the caller's. Load balancers know only
  # connections: they pass TCP on and see no answers.
  ways_in = {
    mesh = { title = "Milliseconds in the mesh, p99", stat = "p99", metrics = [
    for name in values(var.mesh_names) : ["AWS/ECS", "TargetResponseTime", "TargetDiscoveryName", name]] }
    load_balancers = { title = "Open connections, by load balancer", stat = "Average", metrics = [
    for d in values(local.targets) : ["AWS/NetworkELB", "ActiveFlowCount", "LoadBalancer", d.LoadBalancer]] }
  }

  # Title, statistic, and the figures: [namespace, metric, dimension, value, …].
  rows = [
    [
      { title = "Calls a minute", stat = "Sum", metrics = [for s in ["query", "ingest"] : [local.fairway, "grpc_server_handled_total", "service", s]] },
      { title = "Seconds a call takes, mean (percentiles: Prometheus)", stat = "Average", metrics = [for s in ["query", "ingest"] : [local.fairway, "grpc_server_handling_seconds", "service", s]] },
      local.ways_in[length(var.mesh_names) > 0 ? "mesh" : "load_balancers"],
    ],
    [
      { title = "Failed calls of query, by code", stat = "Sum", metrics = [for c in local.codes : [local.fairway, "grpc_server_handled_total", "service", "query", "grpc_code", c]] },
      { title = "Failed calls of ingest, by code", stat = "Sum", metrics = [for c in local.codes : [local.fairway, "grpc_server_handled_total", "service", "ingest", "grpc_code", c]] },
      { title = "Tasks that are ready", stat = "Minimum", metrics = [for d in values(local.targets) : concat(["AWS/NetworkELB", "HealthyHostCount"], flatten([for k, v in d : [k, v]]))] },
    ],
    [
      { title = "CPU of tasks, percent", stat = "Average", metrics = [for d in values(local.tasks) : concat(["AWS/ECS", "CPUUtilization"], d)] },
      { title = "Memory of tasks, percent", stat = "Maximum", metrics = [for d in values(local.tasks) : concat(["AWS/ECS", "MemoryUtilization"], d)] },
      { title = "Seconds a replica is behind", stat = "Maximum", metrics = [[local.fairway, "fairway_book_lag_seconds", "service", "query"]] },
    ],
    [
      { title = "Uploads that run, per task", stat = "Maximum", metrics = [for m in ["fairway_uploads_in_flight", "fairway_uploads_max"] : [local.fairway, m, "service", "ingest"]] },
      { title = "Batches, by outcome", stat = "Sum", metrics = [for o in ["committed", "replayed", "failed", "cancelled"] : [local.fairway, "fairway_batches_total", "service", "ingest", "outcome", o]] },
      { title = "Prices committed a minute", stat = "Sum", metrics = [[local.fairway, "fairway_committed_prices_total", "service", "ingest"]] },
    ],
    [
      { title = "CPU of the database, percent", stat = "Average", metrics = [local.of_writer["CPUUtilization"]] },
      { title = "Connections", stat = "Maximum", metrics = [local.of_writer["DatabaseConnections"]] },
      { title = "Reads and writes a second; what waits", stat = "Average", metrics = [for m in ["ReadIOPS", "WriteIOPS", "DiskQueueDepth"] : local.of_writer[m]] },
    ],
    [
      { title = "Free bytes: storage, memory", stat = "Minimum", metrics = [for m in [local.free_storage, "FreeableMemory"] : local.of_database[m]] },
      { title = "Files: submitted, loaded, failed", stat = "Sum", metrics = [for m in ["Submitted", "Succeeded", "Failed"] : [var.loader.metrics_namespace, m]] },
      { title = "Files that could not be loaded", stat = "Maximum", metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.loader.dead_letter_queue]] },
    ],
  ]
  codes = ["Unknown", "Internal", "Unavailable", "DataLoss", "DeadlineExceeded", "ResourceExhausted", "InvalidArgument"]
  # Aurora's volume has no bound; its instances' own disks do.
  free_storage = var.database.is_aurora ? "FreeLocalStorage" : "FreeStorageSpace"
  of_database = {
    for metric in ["FreeStorageSpace", "FreeLocalStorage", "FreeableMemory"] :
    metric => concat(["AWS/RDS", metric], flatten([for name, value in var.database.metric_dimensions : [name, value]]))
  }
  of_writer = {
    for metric in ["CPUUtilization", "DatabaseConnections", "ReadIOPS", "WriteIOPS", "DiskQueueDepth"] :
    metric => concat(["AWS/RDS", metric], flatten([for name, value in var.database.writer_metric_dimensions : [name, value]]))
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = flatten([for y, row in local.rows : [for x, graph in row : {
      type   = "metric"
      x      = x * 8
      y      = y * 6
      width  = 8
      height = 6
      properties = {
        title   = graph.title
        stat    = graph.stat
        period  = 60
        region  = data.aws_region.current.name
        view    = "timeSeries"
        metrics = graph.metrics
      }
    }]])
  })
}
