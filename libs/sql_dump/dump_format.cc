#include "libs/sql_dump/dump_format.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/dump_error.h"

namespace fairway::sql_dump {
namespace {

using namespace std::literals;  // NOLINT: "\0"s holds its NULs.

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

struct Magic {
  std::string bytes;
  size_t offset;
  const char* what;
};

std::array<Magic, 11> Magics() {
  return {{
      {"PGDMP"s, 0,
       "a dump in pg_dump's custom format; make it plain: pg_restore -f dump.sql FILE"},
      {"ustar"s, 257, "a tar archive; if pg_dump made it: pg_restore -f dump.sql FILE"},
      {"\xff\xfe"s, 0,
       "UTF-16; save it as UTF-8, or make it anew with pg_dump --file (in a "
       "Windows shell, > writes UTF-16)"},
      {"\xfe\xff"s, 0, "UTF-16; save it as UTF-8, or make it anew with pg_dump --file"},
      {"PK\x03\x04"s, 0, "a zip archive; unpack it first"},
      {"\xfd"s
       "7zXZ"s,
       0, "compressed with xz; unpack it first: xz -d"},
      {"BZh"s, 0, "compressed with bzip2; unpack it first: bunzip2"},
      {"\x04\x22\x4d\x18"s, 0, "compressed with lz4; unpack it first: lz4 -d"},
      {"7z\xbc\xaf"s, 0, "a 7-Zip archive; unpack it first"},
      {"SQLite format 3"s, 0, "a SQLite database, not a dump of PostgreSQL"},
      {"\x1f\x9d"s, 0, "compressed with compress; unpack it first: uncompress"},
  }};
}

// "origin,destination,day,price" or "sep=;": no statement begins with a word and a comma, and one
// that ends with its first word has a blank or nothing behind the semicolon.
bool IsCsvHeading(absl::string_view text) {
  const absl::string_view line =
      absl::StripTrailingAsciiWhitespace(text.substr(0, text.find_first_of("\r\n")));
  if (absl::StartsWith(line, "sep=")) return true;
  constexpr absl::string_view kSeparators = ",;\t|";
  const auto is_allowed = [&](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '"' || c == ' ' ||
           absl::StrContains(kSeparators, c);
  };
  const absl::string_view first = line.substr(0, line.find_first_of(kSeparators));
  const bool has_blanks = absl::StrContains(absl::StrContains(line, ';') ? line : first, ' ');
  return first.size() < line.size() && !first.empty() && !has_blanks &&
         !absl::EndsWith(line, ";") && std::all_of(line.begin(), line.end(), is_allowed);
}

// What a statement, a comment or a command of psql may begin with.
bool BeginsAsSql(absl::string_view text) {
  const absl::string_view rest = absl::StripLeadingAsciiWhitespace(text);
  return rest.empty() || absl::ascii_isalpha(static_cast<unsigned char>(rest[0])) ||
         absl::StrContains("-/\\;(", rest[0]);
}

}  // namespace

absl::Status CheckFormat(DumpText& text) {
  constexpr size_t kHeadBytes = 512;
  std::string head;
  for (size_t i = 0; i < kHeadBytes && text.Peek(i) != DumpText::kEnd; ++i) {
    head.push_back(static_cast<char>(text.Peek(i)));
  }
  RETURN_IF_ERROR(text.status());
  if (head.empty()) return DumpError(text.name(), 0, "it is empty");
  for (const Magic& magic : Magics()) {
    if (head.size() > magic.offset && absl::StartsWith(head.substr(magic.offset), magic.bytes)) {
      return DumpError(text.name(), 0, absl::StrCat("this is ", magic.what));
    }
  }
  if (head.find('\0') != std::string::npos) {
    return DumpError(text.name(), 0,
                     "this is no plain dump, or UTF-16: it holds NUL characters; make it with "
                     "pg_dump --format=plain --encoding=UTF8");
  }
  absl::string_view words = head;
  const bool has_mark = absl::ConsumePrefix(&words, kByteOrderMark);
  if (IsCsvHeading(words)) {
    return DumpError(text.name(), 1,
                     "this is CSV, not a dump in SQL: `fairway upload` takes prices, `fairway "
                     "locations import` takes regions and ports");
  }
  if (!BeginsAsSql(words)) {
    return DumpError(text.name(), 1,
                     "this is no dump in SQL; make one with pg_dump --format=plain");
  }
  if (has_mark) {
    for (size_t i = 0; i < kByteOrderMark.size(); ++i) text.Take();
  }
  return absl::OkStatus();
}

}  // namespace fairway::sql_dump
