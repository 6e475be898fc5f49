#include "libs/price_files/location_file.h"

#include <iterator>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/check_location.h"
#include "libs/domain/error_details.h"
#include "libs/price_files/csv_reader.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/line_errors.h"
#include "libs/price_files/utf8.h"

namespace fairway::price_files {
namespace {

constexpr const char* kLocationColumns[] = {"kind", "code", "name", "parent"};

// Takes the rows of a file, and notes what is wrong with each.
class LocationRows {
 public:
  explicit LocationRows(const CsvReader& reader)
      : reader_(reader), errors_(reader.lines().path()) {}

  // The current row of the reader.
  void Take() {
    if (!reader_.fault().empty()) return Refuse(reader_.fault());
    if (reader_.ends_early()) {
      return Refuse("it has fewer fields than the heading: kind, code, name, parent");
    }
    if (!IsText()) return;
    const absl::string_view kind = reader_.values()[0].text;
    if (kind != "region" && kind != "port") {
      return Refuse(
          absl::StrCat("the kind must be region or port, not \"", EscapedValue(kind), "\""));
    }
    Add(kind == "port");
  }

  bool empty() const { return file_.regions.empty() && file_.ports.empty(); }
  absl::Status status() const { return errors_.status(); }
  LocationFile TakeFile() { return std::move(file_); }

 private:
  void Refuse(absl::string_view what) { errors_.Add(reader_.line(), what); }

  // Notes the first field that is not UTF-8.
  bool IsText() {
    for (size_t i = 0; i < reader_.values().size(); ++i) {
      const absl::string_view text = reader_.values()[i].text;
      if (IsUtf8(text)) continue;
      Refuse(absl::StrCat("the ", kLocationColumns[i], " \"", EscapedValue(text),
                          "\" is not UTF-8: save the file as UTF-8"));
      return false;
    }
    return true;
  }

  void Add(bool is_port) {
    const std::vector<CsvValue>& values = reader_.values();
    LocationText location = {.code = std::string(values[1].text),
                             .name = std::string(values[2].text),
                             .parent = std::string(values[3].text),
                             .line = reader_.line()};
    const absl::Status checked =
        is_port ? CheckPort("port", location.code, location.name, location.parent)
                : CheckRegion("region", location.code, location.name);
    for (const FieldViolation& violation : DetailsOf(checked).field_violations) {
      Refuse(violation.description);
    }
    // No region has the code of a port.
    const auto [first, is_new] = lines_.emplace(location.code, location.line);
    if (checked.ok() && !is_new) {
      Refuse(absl::StrCat("the ", is_port ? "port " : "region ", location.code,
                          " is given twice, first in line ", first->second));
    }
    (is_port ? file_.ports : file_.regions).push_back(std::move(location));
  }

  const CsvReader& reader_;
  LineErrors errors_;
  LocationFile file_;
  absl::flat_hash_map<std::string, int64_t> lines_;  // The first of each code.
};

}  // namespace

absl::StatusOr<LocationFile> ReadLocationFile(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> bytes, FileByteSource::Open(path));
  ASSIGN_OR_RETURN(const std::unique_ptr<CsvReader> reader,
                   CsvReader::Open(std::move(bytes),
                                   {std::begin(kLocationColumns), std::end(kLocationColumns)}));
  LocationRows rows(*reader);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader->Next());
    if (!more) break;
    rows.Take();
  }
  RETURN_IF_ERROR(rows.status());
  if (rows.empty()) return ContentError(reader->lines().path(), 0, "it has no rows");
  return rows.TakeFile();
}

}  // namespace fairway::price_files
