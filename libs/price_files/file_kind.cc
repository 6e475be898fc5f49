#include "libs/price_files/file_kind.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace fairway::price_files {
namespace {

using absl::string_view;
// Unlike a plain literal, keeps embedded zeros.
template <size_t N>
constexpr string_view Bytes(const char (&text)[N]) {
  return {text, N - 1};
}

struct Magic {
  string_view bytes;
  const char* kind;
  const char* advice;
  size_t offset = 0;
};

constexpr const char* kUnpack = "unpack it first, or compress it with gzip or zstd";
constexpr const char* kUnpackOnce = "decompress it once, its content is compressed, too";
constexpr const char* kSaveAsCsv = "save it as CSV (UTF-8)";
constexpr const char* kExport = "export it as CSV (UTF-8)";
constexpr const char* kSaveAsUtf8 = "save it as UTF-8";
constexpr const char* kPlainDump =
    "make a plain dump (pg_dump --format=plain) for fairway import-dump";

// Longer signatures come before shorter ones with the same beginning.
constexpr Magic kMagics[] = {
    {Bytes("\xff\xfe\0\0"), "UTF-32 text", kSaveAsUtf8},
    {Bytes("\0\0\xfe\xff"), "UTF-32 text", kSaveAsUtf8},
    {Bytes("\xff\xfe"), "UTF-16 text", kSaveAsUtf8},
    {Bytes("\xfe\xff"), "UTF-16 text", kSaveAsUtf8},
    {Bytes("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an old Excel workbook (.xls)", kSaveAsCsv},
    {Bytes("PK\x03\x04"), "a zip archive", kUnpack},
    {Bytes("PK\x05\x06"), "an empty zip archive", kUnpack},
    {Bytes("\xfd\x37zXZ\0"), "compressed with xz", kUnpack},
    {Bytes("\x5d\0\0"), "compressed with lzma", kUnpack},
    {Bytes("BZh"), "compressed with bzip2", kUnpack},
    {Bytes("\x04\x22\x4d\x18"), "compressed with lz4", kUnpack},
    {Bytes("\x02\x21\x4c\x18"), "compressed with lz4", kUnpack},
    {Bytes("\x1f\x9d"), "compressed with compress", kUnpack},
    {Bytes("\x78\x01"), "compressed with zlib", kUnpack},
    {Bytes("\x78\x9c"), "compressed with zlib", kUnpack},
    {Bytes("\x78\xda"), "compressed with zlib", kUnpack},
    {Bytes("\xff\x06\0\0sNaPpY"), "compressed with snappy", kUnpack},
    {Bytes("7z\xbc\xaf\x27\x1c"), "a 7z archive", kUnpack},
    {Bytes("Rar!\x1a\x07"), "a rar archive", kUnpack},
    {Bytes("ustar"), "a tar archive", kUnpack, 257},
    {Bytes("\x1f\x8b"), "compressed twice", kUnpackOnce},
    {Bytes("\x28\xb5\x2f\xfd"), "compressed twice", kUnpackOnce},
    {Bytes("PAR1"), "a Parquet file", kExport},
    {Bytes("ARROW1"), "an Arrow file", kExport},
    {Bytes("ORC\x08"), "an ORC file", kExport},
    {Bytes("Obj\x01"), "an Avro file", kExport},
    {Bytes("SQLite format 3"), "an SQLite database", kExport},
    {Bytes("%PDF-"), "a PDF document", kExport},
    {Bytes("PGDMP"), "a PostgreSQL dump in custom format", kPlainDump},
};

std::string Described(string_view kind, string_view advice) {
  return absl::StrCat("it is ", kind, ": ", advice);
}

// Workbooks are zip archives.
std::string KindOfZip(string_view start) {
  if (absl::StrContains(start, "[Content_Types].xml") || absl::StrContains(start, "xl/")) {
    return Described("an Excel workbook (.xlsx)", kSaveAsCsv);
  }
  if (absl::StrContains(start, "opendocument")) {
    return Described("an OpenDocument workbook (.ods)", kSaveAsCsv);
  }
  return "";
}

std::string KindByMagic(string_view start) {
  if (absl::StartsWith(start, "PK\x03\x04")) {
    std::string kind = KindOfZip(start);
    if (!kind.empty()) return kind;
  }
  for (const Magic& magic : kMagics) {
    if (start.substr(std::min(magic.offset, start.size()), magic.bytes.size()) == magic.bytes) {
      return Described(magic.kind, magic.advice);
    }
  }
  return "";
}

// ASCII text in UTF-16 or UTF-32: one byte of every two or four is not zero.
std::string KindByZeros(string_view start) {
  const auto zeros = static_cast<size_t>(std::count(start.begin(), start.end(), '\0'));
  if (zeros == 0) return "";
  if (zeros >= start.size() * 2 / 3) return Described("UTF-32 text, or binary", kSaveAsUtf8);
  if (zeros >= start.size() / 3) return Described("UTF-16 text", kSaveAsUtf8);
  return Described("a binary file", kSaveAsCsv);
}

std::string KindByMarkup(string_view start) {
  string_view text = start;
  absl::ConsumePrefix(&text, "\xef\xbb\xbf");
  text = absl::StripLeadingAsciiWhitespace(text);
  if (absl::StartsWith(text, "-- PostgreSQL database dump") ||
      absl::StartsWith(text, "--\n-- PostgreSQL")) {
    return Described("a PostgreSQL dump", "import it with fairway import-dump");
  }
  if (absl::StartsWithIgnoreCase(text, "<!doctype html") ||
      absl::StartsWithIgnoreCase(text, "<html")) {
    return Described("an HTML page", "open it in a browser: it may be an error page");
  }
  if (absl::StartsWith(text, "<")) return Described("XML or HTML", kExport);
  if (absl::StartsWith(text, "{") || absl::StartsWith(text, "[")) return Described("JSON", kExport);
  return "";
}

// Classic Mac OS ended lines with CR alone, and some editors still do.
std::string KindByLineEnds(string_view start) {
  const string_view line = start.substr(0, start.find('\n'));
  bool quoted = false;
  for (size_t i = 0; i + 1 < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == '\r' && line[i + 1] != '\r' && !quoted) {
      return "its lines end with CR alone (classic Mac OS): save it with LF or CR LF";
    }
  }
  const bool is_binary = std::any_of(line.begin(), line.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c)) && !absl::ascii_isspace(c) &&
           c != '\x1a';
  });
  return is_binary ? Described("a binary file", kSaveAsCsv) : "";
}

}  // namespace

std::string ForeignFileKind(string_view start) {
  for (const auto kind_of : {KindByMagic, KindByZeros, KindByMarkup, KindByLineEnds}) {
    std::string kind = kind_of(start);
    if (!kind.empty()) return kind;
  }
  return "";
}

}  // namespace fairway::price_files
