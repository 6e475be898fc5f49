#include "services/cli/batch_name.h"

#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "libs/domain/limits.h"

namespace fairway::cli {

std::string BatchIdOfFile(const std::string& path) {
  std::string name = std::filesystem::path(path).filename().string();
  name = name.substr(0, name.find('.'));
  for (char& c : name) {
    c = absl::ascii_isalnum(static_cast<unsigned char>(c)) ? absl::ascii_tolower(c) : '-';
  }
  if (name.size() < limits::kBatchIdLengthMin) name = absl::StrCat("file-", name);
  return name.substr(0, limits::kBatchIdLengthMax);
}

}  // namespace fairway::cli
