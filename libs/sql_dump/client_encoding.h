#pragma once

#include <array>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace fairway::sql_dump {

// An encoding of one byte a character whose lower half is ASCII: what the other bytes are in UTF-8,
// "" where they are nothing.
using ByteTable = std::array<std::string, 128>;

// What a dump says its text is encoded in (client_encoding).
struct ClientEncoding {
  // Absent for UTF-8, and for SQL_ASCII, whose bytes PostgreSQL takes as they are.
  std::optional<ByteTable> table;
};

// By PostgreSQL's name for it, in any case and spelling. Nothing for an encoding that is not read:
// those of several bytes a character, of which PostgreSQL and iconv have different ideas.
std::optional<ClientEncoding> FindClientEncoding(absl::string_view name);

// Appends a byte of the encoding as UTF-8; false when it is no character.
inline bool AppendAsUtf8(const ClientEncoding& encoding, unsigned char byte, std::string& text) {
  if (byte < 0x80 || !encoding.table) {
    text.push_back(static_cast<char>(byte));
    return true;
  }
  const std::string& character = (*encoding.table)[byte - 0x80];
  text += character;
  return !character.empty();
}

}  // namespace fairway::sql_dump
