#include "libs/sql_dump/client_encoding.h"

#include <iconv.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace fairway::sql_dump {
namespace {

// Compared without case, dashes and underscores, as PostgreSQL does.
std::string Simplify(absl::string_view name) {
  std::string simple;
  for (const char c : name) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      simple.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    }
  }
  return simple;
}

// Those in which PostgreSQL 15 and iconv agree on every byte.
constexpr std::array<std::pair<const char*, const char*>, 33> kSingleByte = {{
    {"latin1", "ISO-8859-1"},   {"iso88591", "ISO-8859-1"}, {"latin2", "ISO-8859-2"},
    {"iso88592", "ISO-8859-2"}, {"latin3", "ISO-8859-3"},   {"latin4", "ISO-8859-4"},
    {"latin5", "ISO-8859-9"},   {"latin6", "ISO-8859-10"},  {"latin7", "ISO-8859-13"},
    {"latin8", "ISO-8859-14"},  {"latin9", "ISO-8859-15"},  {"iso885915", "ISO-8859-15"},
    {"latin10", "ISO-8859-16"}, {"iso88595", "ISO-8859-5"}, {"iso88596", "ISO-8859-6"},
    {"iso88597", "ISO-8859-7"}, {"iso88598", "ISO-8859-8"}, {"win1250", "CP1250"},
    {"windows1250", "CP1250"},  {"win1251", "CP1251"},      {"windows1251", "CP1251"},
    {"win1252", "CP1252"},      {"windows1252", "CP1252"},  {"win1253", "CP1253"},
    {"win1254", "CP1254"},      {"win1255", "CP1255"},      {"win1256", "CP1256"},
    {"win1257", "CP1257"},      {"win1258", "CP1258"},      {"koi8r", "KOI8-R"},
    {"koi8u", "KOI8-U"},        {"win866", "CP866"},        {"win874", "CP874"},
}};

std::optional<ByteTable> MakeTable(const char* name) {
  const iconv_t converter = iconv_open("UTF-8", name);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv's own word for a failure.
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  ByteTable table;
  for (size_t i = 0; i < table.size(); ++i) {
    char byte = static_cast<char>(i + 0x80);
    std::array<char, 8> utf8;
    char* in = &byte;
    char* out = utf8.data();
    size_t in_left = 1;
    size_t out_left = utf8.size();
    iconv(converter, nullptr, nullptr, nullptr, nullptr);
    // Some encodings hold a letter back to see whether an accent follows: the second call asks.
    const bool read =
        iconv(converter, &in, &in_left, &out, &out_left) != static_cast<size_t>(-1) &&
        iconv(converter, nullptr, nullptr, &out, &out_left) != static_cast<size_t>(-1);
    if (read) table[i].assign(utf8.data(), utf8.size() - out_left);
  }
  iconv_close(converter);
  return table;
}

}  // namespace

std::optional<ClientEncoding> FindClientEncoding(absl::string_view name) {
  const std::string simple = Simplify(name);
  if (simple == "utf8" || simple == "unicode" || simple == "sqlascii") return ClientEncoding{};
  for (const auto& [postgres, iconv_name] : kSingleByte) {
    if (simple != postgres) continue;
    std::optional<ByteTable> table = MakeTable(iconv_name);
    if (!table) return std::nullopt;
    return ClientEncoding{.table = std::move(table)};
  }
  return std::nullopt;
}

}  // namespace fairway::sql_dump
