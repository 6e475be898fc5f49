#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// A message as JSON on standard output, with the field names of the contract and with zeros shown.
void PrintJson(const google::protobuf::Message& message);

// Rows of equal length, aligned; the first is the heading. Columns of numbers are right-aligned.
// What cells hold beyond one line of text becomes visible.
std::string FormatTable(std::vector<std::vector<std::string>> rows);

// "fairway: message (REASON)" and the fields to blame, on standard error.
void PrintError(const absl::Status& status);

// 1234567 -> "1,234,567".
std::string FormatCount(int64_t count);

// "1 lane", "1,234 lanes".
std::string FormatCount(int64_t count, absl::string_view noun);

}  // namespace fairway::cli
