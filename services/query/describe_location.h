#pragma once

#include <string>
#include <vector>

#include "libs/domain/location_tree.h"

namespace fairway::query {

// A port or a region as queries see it.
struct LocationView {
  std::string code;
  std::string name;
  bool is_port = false;
  std::string parent;
  std::vector<std::string> ancestors;
  int32_t port_count = 0;
};

LocationView DescribePort(const LocationTree& tree, const Port& port);
LocationView DescribeRegion(const LocationTree& tree, const Region& region);

}  // namespace fairway::query
