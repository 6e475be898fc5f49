#pragma once

#include <google/protobuf/generated_enum_reflection.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace fairway::cli {

// Prints a message as JSON on standard output, with the field names of the contract and with zeros.
void PrintJson(const google::protobuf::Message& message);

// Formats rows of equal length as an aligned table; the first row is the heading. Columns of
// numbers are right-aligned. Cells are escaped to a single line.
std::string FormatTable(std::vector<std::vector<std::string>> rows);

// 1234567 -> "1,234,567".
std::string FormatCount(int64_t count);

// "1 lane", "1,234 lanes".
std::string FormatCount(int64_t count, absl::string_view noun);

// The name of an enum value without the prefix of its type: "COMMITTED" for BATCH_STATE_COMMITTED.
// The number for a value that a newer release added.
std::string EnumName(const google::protobuf::EnumDescriptor& type, int value);
template <typename Enum>
std::string EnumName(Enum value) {
  return EnumName(*google::protobuf::GetEnumDescriptor<Enum>(), value);
}

}  // namespace fairway::cli
