#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace fairway::price_files {

// A region or a port as written in a file.
struct LocationText {
  std::string code;  // Of a region: its slug.
  std::string name;
  std::string parent;  // "" for the root of a tree.
  int64_t line = 0;    // In the file, from 1; 0 where it is not known.
};

struct LocationFile {
  std::vector<LocationText> regions;
  std::vector<LocationText> ports;
};

// Reads CSV with the columns kind ("region" or "port"), code, name and parent. INVALID_ROWS names
// every row that no tree of locations can have; whether parents exist is not checked, because they
// need not be in the file. LOCAL_FILE; FILE_CONTENT for a file without rows, of another kind, or
// that cannot be read to its end.
absl::StatusOr<LocationFile> ReadLocationFile(const std::string& path);

}  // namespace fairway::price_files
