#pragma once

#include <string>

namespace fairway::cli {

// A batch id made from a file's name: "Acme Q1.csv.gz" is "acme-q1". Always well-formed.
std::string BatchIdOfFile(const std::string& path);

}  // namespace fairway::cli
