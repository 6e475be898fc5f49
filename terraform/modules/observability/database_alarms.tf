# Alarms of the database. Means are the writer's: Aurora's reader is idle, so that the mean of both hides a writer that is
# full. The least that is free is that of any instance: a reader takes over when it must.

locals {
  database = { namespace = "AWS/RDS", dimensions = var.database.metric_dimensions, severity = "ticket" }
  writer   = merge(local.database, { dimensions = var.database.writer_metric_dimensions })

  database_alarms = merge(
    local.load_alarms,
    { for name, alarm in local.aurora_alarms : name => alarm if var.database.is_aurora },
    { for name, alarm in local.instance_alarms : name => alarm if !var.database.is_aurora },
    {
      database-cpu = merge(local.writer, {
        metric      = "CPUUtilization", statistic = "Average", above = var.thresholds.database_cpu_percent, minutes = 10
        description = "The database has no computing power left: uploads slow down, queries do not"
      })
      database-memory = merge(local.database, {
        metric      = "FreeableMemory", statistic = "Minimum", below = var.thresholds.database_free_memory_mb * pow(1024, 2), minutes = 10
        description = "The database has no memory left"
      })
      database-connections = merge(local.writer, {
        metric      = "DatabaseConnections", statistic = "Maximum", above = var.thresholds.database_connections, minutes = 5
        description = "Connections to the database run out"
      })
      database-io = merge(local.writer, {
        metric      = "DiskQueueDepth", statistic = "Average", above = var.thresholds.database_queue_depth, minutes = 10
        description = "Reads and writes wait for the database's disk"
      })
    },
  )

  # Sessions that work or wait, by how many cores there are. AWS publishes it of each instance alone, and of an idle one not
  # at all.
  load_alarms = {
    for index, instance in var.database.instances :
    length(var.database.instances) == 1 ? "database-load" : "database-load-${index}" => merge(local.database, {
      dimensions  = { DBInstanceIdentifier = instance }
      metric      = "DBLoadRelativeToNumVCPUs", statistic = "Average", above = var.thresholds.database_load_per_core, minutes = 10
      description = "More sessions of the database are at work, or wait, than its cores can serve"
    })
  }

  # Aurora's storage grows by itself. What sorts and temporary tables need does not: that disk is the instance's own.
  aurora_alarms = {
    database-commit = merge(local.writer, {
      metric      = "CommitLatency", statistic = "Average", above = var.thresholds.database_commit_ms, minutes = 10
      description = "Commits take long: uploads slow down"
    })
    database-local-storage = merge(local.database, {
      metric      = "FreeLocalStorage", statistic = "Minimum", below = var.thresholds.database_free_local_gb * pow(1024, 3), minutes = 5
      description = "An instance of the database has no room left for sorts and temporary tables"
    })
  }

  # RDS measures no commits; one waits for a write of the log. AWS gives seconds here.
  instance_alarms = {
    database-commit = merge(local.writer, {
      metric      = "WriteLatency", statistic = "Average", above = var.thresholds.database_commit_ms / 1000, minutes = 10
      description = "Writes take long, and commits with them: uploads slow down"
    })
    database-storage = merge(local.database, {
      severity    = "page"
      metric      = "FreeStorageSpace", statistic = "Minimum", below = var.thresholds.database_free_gb * pow(1024, 3), minutes = 5
      description = "The database's storage runs out, and has not grown by itself"
    })
  }
}
