#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fairway::price_files {

// One gzip member.
std::string Gzip(absl::string_view text);

// One Zstandard frame with a checksum.
std::string Zstd(absl::string_view text);

// One Zstandard frame, of at most 128 KiB, that asks for a window of 2^window_log bytes.
std::string ZstdWithWindow(absl::string_view text, int window_log);

// A frame to be passed over, as pzstd writes one before each of its others.
std::string SkippableFrame(absl::string_view content);

}  // namespace fairway::price_files
