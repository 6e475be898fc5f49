#include "services/query/describe_location.h"

namespace fairway::query {

LocationView DescribePort(const LocationTree& tree, const Port& port) {
  return {.code = port.code.ToString(),
          .name = port.name,
          .is_port = true,
          .parent = port.parent,
          .ancestors = tree.AncestorsOf(port.code.view()),
          .port_count = 1};
}

LocationView DescribeRegion(const LocationTree& tree, const Region& region) {
  return {.code = region.slug,
          .name = region.name,
          .parent = region.parent.value_or(""),
          .ancestors = tree.AncestorsOf(region.slug),
          .port_count = static_cast<int32_t>(tree.PortsOf(region.slug)->size())};
}

}  // namespace fairway::query
