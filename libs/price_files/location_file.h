#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace fairway::price_files {

// A region or a port as written in a file, not validated.
struct LocationText {
  std::string code;  // Of a region: its slug.
  std::string name;
  std::string parent;  // "" for the root of a tree.
};

struct LocationFile {
  std::vector<LocationText> regions;
  std::vector<LocationText> ports;
};

// Reads CSV with the columns kind ("region" or "port"), code, name and parent. LOCAL_FILE;
// FILE_CONTENT names the first line that cannot be read.
absl::StatusOr<LocationFile> ReadLocationFile(const std::string& path);

}  // namespace fairway::price_files
