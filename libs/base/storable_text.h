#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fairway {

// `text` as any database and any message takes it: each byte that is no UTF-8, and each NUL,
// becomes U+FFFD. For what clients and other programs may have had a hand in.
std::string StorableText(absl::string_view text);

}  // namespace fairway
