#include "libs/config/secret.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace fairway::config {

absl::StatusOr<std::string> ReadSecret(const std::string& name) {
  const std::string file_variable = absl::StrCat(name, "_FILE");
  const char* value = std::getenv(name.c_str());
  const char* path = std::getenv(file_variable.c_str());
  if (value != nullptr && path != nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("both ", name, " and ", file_variable, " are set; set one of them"));
  }
  if (value != nullptr) return std::string(value);
  if (path == nullptr) return std::string();
  std::ifstream file(path);
  // A folder can be opened, too.
  if (!file || std::filesystem::is_directory(path)) {
    return absl::NotFoundError(absl::StrCat(file_variable, ": cannot read ", path));
  }
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::string secret(absl::StripSuffix(text, "\n"));
  if (secret.empty() || absl::StrContains(secret, '\0')) {
    return absl::InvalidArgumentError(absl::StrCat(
        file_variable, ": ", path, secret.empty() ? " is empty" : " is not text: it has a NUL"));
  }
  return secret;
}

}  // namespace fairway::config
