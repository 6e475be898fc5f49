# The collector's configuration. Two ways out: CloudWatch, which scales and alarms, and Prometheus, which keeps histograms as
# they are (CloudWatch would keep their mean only) and runs the same rules as everywhere.

locals {
  # What its container has. It refuses figures before it is out of memory, and starts again if it is all the same.
  collector_mib = 256
  # Which figures CloudWatch counts, and by what besides the service.
  cloudwatch_metrics = [
    { by = [], names = ["^fairway_.*$", "^grpc_server_handled_total$", "^grpc_server_handling_seconds$"] },
    { by = ["grpc_code"], names = ["^grpc_server_handled_total$"] },
    { by = ["outcome"], names = ["^fairway_batches_total$"] },
  ]
  collector_configuration = yamlencode({
    extensions = {
      health_check = {}
      sigv4auth    = { region = data.aws_region.current.name, service = "aps" }
    }
    receivers = {
      prometheus = { config = {
        global = { scrape_interval = "${var.metrics.scrape_seconds}s", scrape_timeout = "5s" }
        scrape_configs = [{
          job_name       = "fairway-${var.service}"
          static_configs = [{ targets = ["127.0.0.1:${var.admin_port}"], labels = { service = var.service } }]
        }]
      } }
    }
    processors = {
      memory_limiter    = { check_interval = "1s", limit_mib = local.collector_mib * 3 / 4, spike_limit_mib = local.collector_mib / 8 }
      resourcedetection = { detectors = ["env", "ecs"], timeout = "5s" }
      batch             = { timeout = "15s" }
      # awsemf takes differences of counters, but sends a histogram as it is: its mean would be the one since the start.
      cumulativetodelta = { include = { match_type = "strict", metrics = ["grpc_server_handling_seconds"] } }
    }
    exporters = {
      awsemf = {
        region                           = data.aws_region.current.name
        namespace                        = var.metrics.namespace
        log_group_name                   = var.metrics.log_group.name
        log_stream_name                  = "${var.service}-{TaskId}"
        dimension_rollup_option          = "NoDimensionRollup"
        resource_to_telemetry_conversion = { enabled = true }
        metric_declarations = [for metrics in local.cloudwatch_metrics : {
          dimensions            = [concat(["service"], metrics.by)]
          metric_name_selectors = metrics.names
        }]
      }
      prometheusremotewrite = {
        endpoint = "${var.metrics.prometheus.endpoint}api/v1/remote_write"
        auth     = { authenticator = "sigv4auth" }
        # The task's ARN, so that replicas stay apart: each calls itself 127.0.0.1.
        resource_to_telemetry_conversion = { enabled = true }
      }
    }
    service = {
      extensions = ["health_check", "sigv4auth"]
      pipelines = {
        "metrics/cloudwatch" = {
          receivers  = ["prometheus"]
          processors = ["memory_limiter", "resourcedetection", "cumulativetodelta", "batch"]
          exporters  = ["awsemf"]
        }
        "metrics/prometheus" = {
          receivers  = ["prometheus"]
          processors = ["memory_limiter", "resourcedetection", "batch"]
          exporters  = ["prometheusremotewrite"]
        }
      }
    }
  })
}
