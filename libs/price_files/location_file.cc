#include "libs/price_files/location_file.h"

#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/price_files/csv_reader.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/utf8.h"

namespace fairway::price_files {
namespace {

constexpr const char* kLocationColumns[] = {"kind", "code", "name", "parent"};

absl::Status LocationError(const CsvReader& reader, absl::string_view what) {
  return ContentError(reader.lines().path(), reader.line(), what);
}

absl::Status AddLocation(const CsvReader& reader, LocationFile& file) {
  std::vector<std::string> fields;
  for (const CsvValue& value : reader.values()) {
    if (!IsUtf8(value.text)) {
      return LocationError(reader, absl::StrCat("the ", kLocationColumns[fields.size()], " \"",
                                                EscapedValue(value.text),
                                                "\" is not UTF-8: save the file as UTF-8"));
    }
    fields.emplace_back(value.text);
  }
  if (fields[0] != "region" && fields[0] != "port") {
    return LocationError(reader, absl::StrCat("the kind must be region or port, not \"",
                                              EscapedValue(fields[0]), "\""));
  }
  std::vector<LocationText>& locations = fields[0] == "region" ? file.regions : file.ports;
  locations.push_back(
      {.code = std::move(fields[1]), .name = std::move(fields[2]), .parent = std::move(fields[3])});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LocationFile> ReadLocationFile(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> bytes, FileByteSource::Open(path));
  ASSIGN_OR_RETURN(const std::unique_ptr<CsvReader> reader,
                   CsvReader::Open(std::move(bytes),
                                   {std::begin(kLocationColumns), std::end(kLocationColumns)}));
  LocationFile file;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader->Next());
    if (!more) return file;
    if (!reader->fault().empty()) return LocationError(*reader, reader->fault());
    if (reader->ends_early()) {
      return LocationError(*reader,
                           "it has fewer fields than the heading: kind, code, name, parent");
    }
    RETURN_IF_ERROR(AddLocation(*reader, file));
  }
}

}  // namespace fairway::price_files
