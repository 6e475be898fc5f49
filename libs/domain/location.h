#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/domain/port_code.h"

namespace fairway {

// The small number a port has in stored series. Given by the store, never reused.
using PortId = int32_t;

// A named set of ports and of further regions. A region without parent is the root of a tree.
struct Region {
  std::string slug;
  std::string name;
  std::optional<std::string> parent;

  friend bool operator==(const Region&, const Region&) = default;
};

struct Port {
  PortId id = 0;  // 0: not stored yet.
  PortCode code;
  std::string name;
  std::string parent;  // Slug of the region the port lies in.

  friend bool operator==(const Port&, const Port&) = default;
};

}  // namespace fairway
