#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"

namespace fairway {

// How many things each name has. Takes no memory for names that have none. Not thread-safe.
class NameCounts {
 public:
  int Of(const std::string& name) const {
    const auto found = counts_.find(name);
    return found == counts_.end() ? 0 : found->second;
  }
  void Add(const std::string& name) { ++counts_[name]; }
  // The name has at least one.
  void Remove(const std::string& name) {
    const auto found = counts_.find(name);
    if (--found->second == 0) counts_.erase(found);
  }

 private:
  absl::flat_hash_map<std::string, int> counts_;
};

}  // namespace fairway
