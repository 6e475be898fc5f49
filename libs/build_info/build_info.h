#pragma once

#include "absl/strings/string_view.h"

namespace fairway {

// What this program was built from. ci/version says how the version is found.
struct BuildInfo {
  absl::string_view version;   // A release ("1.2.0"), or what came after it ("1.2.0-5-g0123abc").
  absl::string_view commit;    // Its full hash, or "unknown".
  absl::string_view compiler;  // Its name and version.
};

BuildInfo GetBuildInfo();

}  // namespace fairway
