#pragma once

#include <prometheus/collectable.h>

#include <memory>

namespace fairway::observability {

// fairway_build_info: a gauge of 1, labelled with version, commit and compiler.
std::shared_ptr<prometheus::Collectable> BuildInfoMetric();

}  // namespace fairway::observability
