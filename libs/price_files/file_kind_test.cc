#include "libs/price_files/file_kind.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/price_files/testing/compress.h"

namespace fairway::price_files {
namespace {

using ::testing::HasSubstr;

const std::string kText = "origin,destination,day,price\r\nCNSHA,NLRTM,2026-03-01,1250\r\n";

// ASCII text in an encoding of `bytes` bytes per character.
std::string Widened(const std::string& text, size_t bytes, bool little) {
  std::string wide;
  for (const char c : text) {
    const std::string zeros(bytes - 1, '\0');
    absl::StrAppend(&wide, little ? c + zeros : zeros + c);
  }
  return wide;
}

TEST(FileKindTest, AcceptsText) {
  for (const std::string& text :
       {std::string(), kText, "\xef\xbb\xbf" + kText, "\n\n" + kText, "sep=;\n" + kText,
        kText + "\x1a", std::string("origin;destination;day;price\n"),
        std::string("\"a\rb\",origin,destination,day,price\n"), std::string("origin\tday\n"),
        std::string("origin,price\r\r\nA,1\r\r\n"), std::string("Ürsprung,price\n")}) {
    EXPECT_EQ(ForeignFileKind(text), "") << text;
  }
}

TEST(FileKindTest, NamesOtherKinds) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"\xff\xfe" + Widened(kText, 2, true), "UTF-16"},
      {"\xfe\xff" + Widened(kText, 2, false), "UTF-16"},
      {Widened(kText, 2, true), "UTF-16"},
      {Widened(kText, 2, false), "UTF-16"},
      {std::string("\xff\xfe\0\0", 4) + Widened(kText, 4, true), "UTF-32"},
      {Widened(kText, 4, true), "UTF-32"},
      {Widened(kText, 4, false), "UTF-32"},
      {"PK\x03\x04 prices.csv", "zip archive"},
      {"PK\x03\x04 [Content_Types].xml", "Excel workbook (.xlsx)"},
      {"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument"},
      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel workbook (.xls)"},
      {std::string("\xfd\x37zXZ\0\0", 7), "xz"},
      {"BZh91AY&SY", "bzip2"},
      {"\x04\x22\x4d\x18", "lz4"},
      {"7z\xbc\xaf\x27\x1c", "7z"},
      {std::string(257, 'x') + "ustar", "tar archive"},
      {Gzip(kText), "compressed twice"},
      {Zstd(kText), "compressed twice"},
      {"PAR1\x15\x04", "Parquet"},
      {"PGDMP\x01\x0e", "PostgreSQL dump"},
      {"--\n-- PostgreSQL database dump\n--\n", "import-dump"},
      {"\n<!DOCTYPE html><html>", "HTML"},
      {"<html><body>403</body>", "HTML"},
      {"<?xml version=\"1.0\"?>", "XML"},
      {"[{\"origin\": \"CNSHA\"}]", "JSON"},
      {"\xef\xbb\xbf{\"prices\": []}", "JSON"},
      {absl::StrReplaceAll(kText, {{"\r\n", "\r"}}), "CR alone"},
      {std::string("origin\0price", 12), "binary"},
      {"\x01\x02\x03", "binary"},
      {absl::StrCat(absl::string_view("PK\x03\x04", 4), "xl/workbook.xml"), "Excel"}};
  for (const auto& [start, kind] : files) {
    EXPECT_THAT(ForeignFileKind(start), HasSubstr(kind)) << absl::CHexEscape(start);
  }
}

}  // namespace
}  // namespace fairway::price_files
