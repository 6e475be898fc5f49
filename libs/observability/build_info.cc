#include "libs/observability/build_info.h"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <string>

#include "libs/build_info/build_info.h"

namespace fairway::observability {

std::shared_ptr<prometheus::Collectable> BuildInfoMetric() {
  const BuildInfo info = GetBuildInfo();
  auto registry = std::make_shared<prometheus::Registry>();
  prometheus::BuildGauge()
      .Name("fairway_build_info")
      .Help("1, labelled with what the program was built from")
      .Register(*registry)
      .Add({{"version", std::string(info.version)},
            {"commit", std::string(info.commit)},
            {"compiler", std::string(info.compiler)}})
      .Set(1);
  return registry;
}

}  // namespace fairway::observability
